"""The company catalogue: names in five languages, tickers, and how safe each name is as a match term.

`load()` reads the built data (and the user's own files); `Catalogue.lookup` answers people, `Catalogue.resolve` answers
a watchlist and stays silent where there is any doubt.
"""

from watchbot.catalogue.catalogue import Catalogue, load
from watchbot.catalogue.companies import Candidate, Company, CompanyName, candidate_json, candidate_line

__all__ = ["Candidate", "Catalogue", "Company", "CompanyName", "candidate_json", "candidate_line", "load"]
