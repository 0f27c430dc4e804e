"""The inbox: each file exactly once, whole, and never one that is still being written."""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from watchbot.model.errors import InputError
from watchbot.sources import folder as module
from watchbot.sources.folder import Folder, is_ignored, printable

NOW = datetime(2026, 4, 6, 10, 0, tzinfo=UTC)
Opener = Callable[[], Folder]


class Clock:
    """A clock that goes only when told to."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return 1000.0 + self.passed


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


@pytest.fixture
def opened(inbox: Path, clock: Clock) -> Iterator[Opener]:
    folders: list[Folder] = []

    def make() -> Folder:
        folders.append(Folder(inbox, clock))
        return folders[-1]

    yield make
    for one in folders:
        try:
            one.close()
        except OSError:
            pass


def drop(inbox: Path, name: str, text: str = "News.", age: float = 0.0) -> Path:
    inbox.mkdir(parents=True, exist_ok=True)
    path = inbox / name
    path.write_text(text)
    moment = NOW.timestamp() - age
    os.utime(path, (moment, moment))
    return path


def names(inbox: Path) -> list[str]:
    return sorted(
        str(path.relative_to(inbox))
        for path in inbox.rglob("*")
        if path.is_file() and not {".work", ".work.lock"} & set(path.parts)
    )


def test_an_old_file_is_taken_at_the_first_look(inbox: Path, opened: Opener) -> None:
    drop(inbox, "a.txt", "News.", age=10)
    folder = opened()
    (claimed,) = folder.look()
    assert (claimed.name, claimed.size, claimed.read()) == ("a.txt", 5, b"News.")
    assert claimed.sha256 == hashlib.sha256(b"News.").hexdigest()
    assert claimed.modified == NOW - timedelta(seconds=10)
    assert folder.settled()
    assert not (inbox / "a.txt").exists()
    assert folder.look() == []


def test_a_fresh_file_has_to_stay_unchanged_for_two_seconds(inbox: Path, clock: Clock, opened: Opener) -> None:
    path = drop(inbox, "a.txt")
    folder = opened()
    assert folder.look() == []
    assert not folder.settled()
    clock.passed = 1.9
    assert folder.look() == []
    with path.open("a") as file:
        file.write(" More.")
    clock.passed = 3.0
    assert folder.look() == []
    clock.passed = 4.9
    assert folder.look() == []
    clock.passed = 5.0
    assert [one.read() for one in folder.look()] == [b"News. More."]
    assert folder.settled()


def test_a_file_that_comes_later_waits_although_its_time_is_old(inbox: Path, clock: Clock, opened: Opener) -> None:
    folder = opened()
    folder.look()
    drop(inbox, "a.txt", age=500)
    assert folder.look() == []
    clock.passed = 2.0
    assert len(folder.look()) == 1


def test_an_empty_file_gets_more_time(inbox: Path, clock: Clock, opened: Opener) -> None:
    drop(inbox, "a.txt", "")
    folder = opened()
    folder.look()
    clock.passed = 5.0
    assert folder.look() == []
    clock.passed = 10.0
    assert [one.size for one in folder.look()] == [0]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden",
        "~$doc.txt",
        "#a.txt#",
        "a.txt~",
        "a.part",
        "a.tmp",
        "A.CRDOWNLOAD",
        "a.download",
        ".a.swp",
        "Thumbs.db",
    ],
)
def test_ignored_names(name: str, inbox: Path, opened: Opener) -> None:
    drop(inbox, name, age=60)
    folder = opened()
    assert is_ignored(name)
    assert folder.look() == []
    assert folder.settled()
    assert (inbox / name).exists()


def test_done_and_failed(inbox: Path, opened: Opener) -> None:
    for name in ("a.txt", "b.txt"):
        drop(inbox, name, age=10)
    folder = opened()
    first, second = folder.look()
    day = NOW.astimezone().strftime("%Y-%m-%d")
    assert folder.done(first) == inbox / "done" / day / "a.txt"
    assert folder.failed(second, "it is empty") == inbox / "failed" / "b.txt"
    assert (inbox / "failed" / "b.txt.note.txt").read_text() == "b.txt: it is empty\n"
    assert names(inbox) == [f"done/{day}/a.txt", "failed/b.txt", "failed/b.txt.note.txt"]


def test_nothing_is_written_over(inbox: Path, clock: Clock, opened: Opener) -> None:
    folder = opened()
    for text in ("one", "two", "three"):
        drop(inbox, "a.txt", text)
        folder.look()
        clock.passed += 3
        (claimed,) = folder.look()
        folder.done(claimed)
    day = NOW.astimezone().strftime("%Y-%m-%d")
    assert names(inbox) == [f"done/{day}/{name}" for name in ("a-2.txt", "a-3.txt", "a.txt")]
    assert {(inbox / "done" / day / name).read_text() for name in ("a.txt", "a-2.txt", "a-3.txt")} == {
        "one",
        "two",
        "three",
    }


def test_links_and_folders_are_not_read(inbox: Path, tmp_path: Path, opened: Opener) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    inbox.mkdir()
    (inbox / "link.txt").symlink_to(secret)
    (inbox / "sub").mkdir()
    os.mkfifo(inbox / "pipe.txt")
    folder = opened()
    assert folder.look() == []
    notes = folder.take_notes()
    assert len(notes) == 3
    assert folder.look() == []
    assert folder.take_notes() == []
    assert secret.read_text() == "secret"
    assert (inbox / "failed" / "link.txt").is_symlink()
    assert "a link is not followed" in (inbox / "failed" / "link.txt.note.txt").read_text()
    assert folder.settled()


def test_too_large(inbox: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 4)
    drop(inbox, "a.txt", "12345", age=10)
    folder = opened()
    assert folder.look() == []
    assert "larger" in (inbox / "failed" / "a.txt.note.txt").read_text()


def test_names_that_no_terminal_takes(inbox: Path, opened: Opener) -> None:
    drop(inbox, "a.txt", age=10)
    os.rename(inbox / "a.txt", os.fsencode(inbox) + b"/bad\xff\nname.txt")
    drop(inbox, "x" * 251 + ".txt", age=10)
    folder = opened()
    bad, long = folder.look()
    assert bad.name == "bad\ufffd\ufffdname.txt"
    assert printable("a\nb") == "a\ufffdb"
    assert folder.failed(bad, "why").exists()
    assert folder.failed(long, "why").exists()


def test_a_stop_leaves_what_is_claimed_to_the_next(inbox: Path, clock: Clock) -> None:
    drop(inbox, "a.txt", age=10)
    first = Folder(inbox, clock)
    (claimed,) = first.look()
    second = Folder(inbox, clock)
    assert second.look() == []
    first.close()
    (again,) = second.look()
    assert (again.name, again.sha256) == ("a.txt", claimed.sha256)
    second.done(again)
    second.close()
    assert list((inbox / ".work").iterdir()) == []


def test_a_killed_owner_is_found_dead(inbox: Path, opened: Opener) -> None:
    drop(inbox, "a.txt", age=10)
    script = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        from watchbot.clock import SystemClock
        from watchbot.sources.folder import Folder
        assert len(Folder(Path({str(inbox)!r}), SystemClock()).look()) == 1
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    root = str(Path(module.__file__).parents[2])
    killed = subprocess.run([sys.executable, "-c", script], cwd=root, check=False, timeout=60)
    assert killed.returncode == -9
    assert [one.name for one in opened().look()] == ["a.txt"]


def test_a_death_while_archiving_leaves_no_empty_file(
    inbox: Path, clock: Clock, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(inbox, "a.txt", age=10)
    first = opened()
    (claimed,) = first.look()

    def dies(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(module.os, "replace", dies)
        with pytest.raises(SystemExit):
            first.done(claimed)
    assert not list((inbox / "done").rglob("*.txt"))
    first.close()
    second = opened()
    (again,) = second.look()
    second.done(again)
    assert names(inbox) == ["done/2026-04-06/a.txt"]


def test_two_owners_take_each_file_once(inbox: Path, clock: Clock, opened: Opener) -> None:
    for number in range(300):
        drop(inbox, f"{number}.txt", str(number))
    owners = [opened(), opened()]
    taken: list[list[str]] = [[], []]
    for owner in owners:
        assert owner.look() == []
    clock.passed = 3.0

    def work(which: int) -> None:
        while not owners[which].settled():
            for one in owners[which].look():
                taken[which].append(one.read().decode())
                owners[which].done(one)

    threads = [threading.Thread(target=work, args=(which,)) for which in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken[0] + taken[1], key=int) == [str(number) for number in range(300)]


def test_a_file_written_in_five_chunks_is_taken_once_and_whole(inbox: Path, clock: Clock, opened: Opener) -> None:
    folder = opened()
    folder.look()
    taken = []
    path = inbox / "page.txt"
    for second in range(12):
        if second in (0, 1, 3, 4, 6):
            with path.open("a") as file:
                file.write(f"chunk {second}\n")
            moment = NOW.timestamp() + second
            os.utime(path, (moment, moment))
        clock.passed = float(second)
        taken += folder.look()
    assert [one.read().decode() for one in taken] == ["chunk 0\nchunk 1\nchunk 3\nchunk 4\nchunk 6\n"]


def test_a_file_that_changed_between_look_and_claim_waits_again(
    inbox: Path, clock: Clock, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(inbox, "a.txt", "one", age=10)
    folder = opened()
    real = os.rename

    def late(source: object, target: object) -> None:
        with (inbox / "a.txt").open("a") as file:
            file.write(" two")
        real(source, target)  # type: ignore[arg-type]

    monkeypatch.setattr(module.os, "rename", late)
    assert folder.look() == []
    monkeypatch.setattr(module.os, "rename", real)
    assert not folder.settled()
    assert folder.look() == []
    clock.passed = 2.0
    assert [one.read() for one in folder.look()] == [b"one two"]


@pytest.mark.parametrize("end", ["done", "failed"])
def test_a_file_written_to_while_it_was_read_goes_back(end: str, inbox: Path, clock: Clock, opened: Opener) -> None:
    drop(inbox, "a.txt", "one", age=10)
    folder = opened()
    (claimed,) = folder.look()
    with claimed.path.open("a") as file:
        file.write(" two")
    where = folder.done(claimed) if end == "done" else folder.failed(claimed, "it is strange")
    assert where == inbox / "a.txt"
    assert folder.take_notes() == ["a.txt: was written to while it was read; it is read again"]
    clock.passed = 2.0
    (again,) = folder.look()
    assert again.read() == b"one two"
    assert again.sha256 == hashlib.sha256(b"one two").hexdigest()
    folder.done(again)
    assert names(inbox) == [f"done/{NOW.astimezone():%Y-%m-%d}/a.txt"]


def test_a_file_that_vanishes_before_its_turn_is_no_trouble(inbox: Path, clock: Clock, opened: Opener) -> None:
    for name in ("a.txt", "b.txt"):
        drop(inbox, name)
    folder = opened()
    folder.look()
    clock.passed = 2.0
    (inbox / "a.txt").unlink()
    assert [one.name for one in folder.look()] == ["b.txt"]
    assert folder.settled()
    assert folder.take_notes() == []


def test_a_backlog_is_claimed_in_turns_from_one_scan(
    inbox: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(module.MOST_AT_ONCE + 7):
        drop(inbox, f"{number:03}.txt", str(number), age=10)
    folder = opened()
    scans = []
    real = os.scandir
    monkeypatch.setattr(module.os, "scandir", lambda path: scans.append(path) or real(path))
    first = folder.look()
    assert not folder.settled()
    second = folder.look()
    assert [len(first), len(second)] == [module.MOST_AT_ONCE, 7]
    assert scans == [inbox]
    assert folder.settled()
    assert len({one.sha256 for one in first + second}) == module.MOST_AT_ONCE + 7


def test_pipes_sockets_and_devices_are_never_opened(inbox: Path, opened: Opener, clock: Clock) -> None:
    inbox.mkdir()
    os.mkfifo(inbox / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(inbox / "sock.txt"))
        (inbox / "null.txt").symlink_to("/dev/null")
        folder = opened()
        for seconds in (0.0, 20.0, 40.0):
            clock.passed = seconds
            assert folder.look() == []
    assert len(folder.take_notes()) == 3


def test_a_pipe_that_takes_a_files_place_is_refused_unread(
    inbox: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(inbox, "a.txt", age=10)
    folder = opened()
    real = os.rename

    def swapped(source: object, target: object) -> None:
        path.unlink()
        os.mkfifo(path)
        real(source, target)  # type: ignore[arg-type]

    monkeypatch.setattr(module.os, "rename", swapped)
    assert folder.look() == []
    assert "only files are read" in (inbox / "failed" / "a.txt.note.txt").read_text()


def test_a_link_planted_behind_a_claim_is_not_followed(inbox: Path, tmp_path: Path, opened: Opener) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    drop(inbox, "a.txt", age=10)
    (claimed,) = opened().look()
    claimed.path.unlink()
    claimed.path.symlink_to(secret)
    with pytest.raises(OSError, match="symbolic"):
        claimed.read()


@pytest.mark.parametrize(
    "name", ["長" * 83 + ".txt", "長" * 85, "x" * 200 + "." + "y" * 50, "é" * 120 + ".note.txt", "a.txt."]
)
def test_long_names_clash_and_still_get_their_notes(name: str, inbox: Path, clock: Clock, opened: Opener) -> None:
    folder = opened()
    folder.look()
    for text in ("one", "two", "three"):
        drop(inbox, name, text)
        folder.look()
        clock.passed += 3
        (claimed,) = folder.look()
        assert folder.failed(claimed, "it is strange").read_text() == text
    notes = [path for path in (inbox / "failed").iterdir() if "it is strange" in path.read_text()]
    assert len(notes) == 3
    assert len(list((inbox / "failed").iterdir())) == 6


def test_names_that_differ_in_case_only(inbox: Path, opened: Opener) -> None:
    for name in ("News.txt", "news.txt", "NEWS.TXT"):
        drop(inbox, name, name, age=10)
    folder = opened()
    assert sorted(folder.done(one).read_text() for one in folder.look()) == ["NEWS.TXT", "News.txt", "news.txt"]


def test_a_file_named_like_a_folder_of_the_inbox(inbox: Path, opened: Opener) -> None:
    drop(inbox, "failed", age=10)
    drop(inbox, "a.txt", age=10)
    folder = opened()
    (claimed,) = folder.look()
    with pytest.raises(OSError, match="exists"):
        folder.failed(claimed, "it is strange")
    assert claimed.path.exists()


def test_a_living_owner_in_another_process_keeps_its_claim(inbox: Path, opened: Opener) -> None:
    drop(inbox, "a.txt", age=10)
    script = textwrap.dedent(
        f"""
        import sys
        from pathlib import Path
        from watchbot.clock import SystemClock
        from watchbot.sources.folder import Folder
        folder = Folder(Path({str(inbox)!r}), SystemClock())
        print(len(folder.look()), flush=True)
        sys.stdin.read()
        """
    )
    root = str(Path(module.__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout
        assert owner.stdout.readline() == "1\n"
        folder = opened()
        assert folder.look() == []
        owner.kill()
        owner.wait(10)
        assert [one.name for one in folder.look()] == ["a.txt"]


WORKER = """
import os, signal, sys
from pathlib import Path
from watchbot.clock import SystemClock
from watchbot.sources.folder import Folder
folder = Folder(Path(sys.argv[1]), SystemClock())
die_after = int(sys.argv[2])
print("in", flush=True)
sys.stdin.readline()
count = 0
while True:
    found = folder.look()
    if not found and folder.settled():
        break
    for one in found:
        print(one.read().decode(), flush=True)
        count += 1
        if count == die_after:
            os.kill(os.getpid(), signal.SIGKILL)
        folder.done(one)
folder.close()
"""


@pytest.mark.parametrize("die_after", [0, 130])
def test_two_processes_take_each_of_a_thousand_files_once(die_after: int, inbox: Path, opened: Opener) -> None:
    """With `die_after` one of them is killed between reading and archiving; the file in its hands comes again. It has a
    head start, so that it is sure to come that far."""
    for number in range(1000):
        drop(inbox, f"{number}.txt", str(number), age=10)
    root = str(Path(module.__file__).parents[2])
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(inbox), str(dies)],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for dies in (die_after, 0)
    ]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "in\n"
    said: list[str] = []
    readers = [threading.Thread(target=lambda w=worker: said.extend(w.stdout.read().split())) for worker in workers]
    for worker, reader, alone in zip(workers, readers, (die_after * 3 // 4, 0), strict=True):
        assert worker.stdin
        assert worker.stdout
        worker.stdin.write("go\n")
        worker.stdin.flush()
        said.extend(worker.stdout.readline().strip() for _ in range(alone))
        reader.start()
    for worker, reader in zip(workers, readers, strict=True):
        reader.join(60)
        assert worker.wait(60) in (0, -9)
        for pipe in (worker.stdin, worker.stdout):
            assert pipe
            pipe.close()
    folder = opened()
    rest = [one.read().decode() for look in iter(folder.look, []) for one in look]
    assert set(said) | set(rest) == {str(number) for number in range(1000)}
    assert len(said) + len(rest) - 1000 == (1 if die_after else 0)


def test_a_folder_that_cannot_be_one(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be used"):
        Folder(tmp_path / "file" / "inbox", clock)


def test_a_folder_that_goes_away(inbox: Path, opened: Opener) -> None:
    folder = opened()
    shutil.rmtree(inbox)
    with pytest.raises(InputError, match="cannot be read"):
        folder.look()
