"""Builds the word lists in watchbot/text/data: words.txt.gz, English words in lower case, inflected forms included, and
names.txt.gz, first names, surnames and places, also in lower case.

Source: Debian's `wamerican` and `wbritish` (SCOWL word lists), plus the short list below of words of the trade that
they lack. Entries with a capital are names, possessives are left out. Run: python tools/build_words.py
"""

import gzip
import unicodedata
from pathlib import Path

SOURCES = (Path("/usr/share/dict/american-english"), Path("/usr/share/dict/british-english"))
TARGET = Path(__file__).resolve().parent.parent / "watchbot" / "text" / "data"
# Words of today's business news that the lists are too old or too careful for. A word here is never a typo of a
# company's name, and a name made of words only must be capitalised to count.
EXTRA = """
app apps analytics automaker automakers backend bitcoin blockchain blockchains blog blogs broadband carmaker carmakers
chatbot chatbots chipmaker chipmakers chipset chipsets cloud coronavirus covid crowdfunding crypto cryptocurrency
cryptocurrencies cybersecurity datacenter datacenters datacentre datacentres datasheet decarbonization decarbonisation
drivetrain drone drones ecommerce emoji ethernet firmware fab fabs fabless fintech foundries foundry freemium
geopolitics geopolitical hashtag hyperscale hyperscaler hyperscalers infotainment inverter inverters lidar lithography
livestream livestreaming memecoin metaverse microchip microchips microarchitecture microcontroller microcontrollers
microelectronics motherboard motherboards nanometer nanometers nanometre nanometres nanosheet neural online onshoring
offshoring reshoring optoelectronics outperform outperformed outperforms overclocking photonics photovoltaic
photovoltaics podcast podcasts powertrain powertrains quantum ransomware robotaxi robotaxis robotics roadmap roadmaps
semiconductor semiconductors smartphone smartphones smartwatch smartwatches spinoff spinoffs startup startups
stablecoin streaming substation substations supercomputer supercomputers supercomputing sustainability tablet tariff
tariffs teraflop teraflops terabyte terabytes petabyte petabytes thinktank tokenization touchscreen touchscreens
ultrabook unicorn vaccine vlog wafer wafers wearable wearables webcam webcams website websites wifi workstation
workstations yuan yen renminbi won apple target delta quanta micron gigabyte oracle meta alphabet amazon shell visa
block gap square intel compute inference gigawatt gigawatts megawatt megawatts kilowatt kilowatts terawatt terawatts
heatsink cleanroom cleanrooms packaging telecom telecoms telco telcos biotech medtech edtech greentech cleantech
proptech insurtech regtech agritech ai selloff selloffs buyback buybacks sourcing multinational multinationals rollout
rollouts takeaway takeaways upcycling lawmaker lawmakers policymaker policymakers policymaking shareholding
stakeholder stakeholders stockpiling upcoming
"""

# Surnames and brands near to company names that the lists lack.
NAMES = """
philipp eriksson kobayashi mccormack johansson solaris megatron andersson nilsson karlsson petersson schmitt schmid
meier maier mayr hoffman hofmann sorensen jorgensen takahashi yamamoto nakamura watanabe fujimoto matsumoto tanaka
"""


def plain(word: str) -> str:
    """The word without accents, as folded text has it."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def build() -> tuple[list[str], list[str]]:
    """Words and names, each once, sorted; what is a word is not among the names."""
    words, names = set(EXTRA.split()), set(NAMES.split())
    for source in SOURCES:
        for line in source.read_text(encoding="utf-8").splitlines():
            word = plain(line.strip())
            if not word.isalpha() or not word.isascii():
                continue
            if word.islower():
                words.add(word)
            elif len(word) > 3:
                names.add(word.lower())
    return sorted(words), sorted(names - words)


def main() -> None:
    """Write the lists, compressed, without a time stamp or a file name inside."""
    for name, entries in zip(("words", "names"), build(), strict=True):
        data = gzip.compress("\n".join(entries).encode("ascii"), compresslevel=9, mtime=0)
        (TARGET / f"{name}.txt.gz").write_bytes(data)
        print(f"{name}: {len(entries)} entries, {len(data)} bytes")


if __name__ == "__main__":
    main()
