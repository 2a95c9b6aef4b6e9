"""How near a juror's own words are to a proposal's: TF-IDF and the cosine, computed with sparse matrices."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from django.db.models import F
from django.db.models.functions import Left
from scipy.sparse import csr_matrix, diags

from judging.models import Entry, Juror
from proposals.models import Answer

READ = 1500  # characters of each answer: a proposal says early what it is about
_WORDS = re.compile(r"[^\W\d_]{4,}")


def distances(entries: Sequence[Entry], jurors: Sequence[Juror]) -> np.ndarray | None:
    """(entries, jurors) from 0 (the nearest juror of that entry) to 1; None when no juror has described their field."""
    own = [" ".join([juror.expertise_text, juror.institution]) for juror in jurors]
    if not entries or not any(juror.expertise_text.strip() for juror in jurors):
        return None
    likeness = cosine(texts_of(entries), own)
    best = likeness.max(axis=1, keepdims=True)
    return 1 - np.divide(likeness, best, out=np.zeros_like(likeness), where=best > 0)


def texts_of(entries: Sequence[Entry]) -> list[str]:
    """Title and the beginning of every answer of each entry's proposal, in one query."""
    found = {entry.proposal_id: [entry.proposal.title] * 3 for entry in entries}
    answers = Answer.objects.filter(proposal__in=found).order_by("proposal", "question")
    for proposal, text in answers.annotate(start=Left(F("text"), READ)).values_list("proposal", "start").iterator(500):
        found[proposal].append(text)
    return [" ".join(found[entry.proposal_id]) for entry in entries]


def cosine(left: Sequence[str], right: Sequence[str]) -> np.ndarray:
    """(left, right) cosines of the texts, weighted by how rare a word is among the left ones."""
    vocabulary: dict[str, int] = {}
    one, other = _counted(left, vocabulary), _counted(right, vocabulary)
    one.resize((len(left), max(len(vocabulary), 1)))
    spread = np.bincount(one.indices, minlength=one.shape[1])
    weight = diags(np.log((1 + len(left)) / (1 + spread)) * (spread > 0))
    product = _unit(one @ weight) @ _unit(other @ weight).T
    return np.asarray(product.todense())


def _counted(texts: Sequence[str], vocabulary: dict[str, int]) -> csr_matrix:
    starts, places, values = [0], [], []
    for text in texts:
        for word, count in Counter(_WORDS.findall(text.lower())).items():
            places.append(vocabulary.setdefault(word, len(vocabulary)))
            values.append(1 + np.log(count))
        starts.append(len(places))
    return csr_matrix((np.array(values, dtype=float), places, starts), shape=(len(texts), max(len(vocabulary), 1)))


def _unit(rows: csr_matrix) -> csr_matrix:
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return diags(1 / np.where(length > 0, length, 1)) @ rows
