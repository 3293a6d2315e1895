"""Every variable that a template may use, with what is inside it: what a check compares with."""

from __future__ import annotations

from functools import cache

# A name, or a name and after the colon what each of its rows has; a dot goes one level down.
_KNOWN = """
title
number
case_title
opinion_date
draft
open_points
basics: label text open
eligibility: sentence on rules limbs thresholds experts experts_rule form
eligibility.rules: place citation
eligibility.limbs: title text evidence note
eligibility.thresholds: place rule citation text standing
materials: id title issuer number on open
facts: label text evidence open
damage: label text evidence open
restoration: label text evidence open
items: place title head method standard standing inputs lines line_titles looked_up equations
items: amount rounding conditions overrules note card_note confirmed fingerprint sheets remarks
items.sheets: title titles rows
items.sheets.rows: place name cells note
items.inputs: symbol title value basis standing open
items.lines: place name cells note
items.equations: omml mathml text
items.conditions: text kind attested clause
items.overrules: name reason
items.confirmed: name text
summary: head title method amount
heads: title amount
legal_basis: citation standing
deadlines: step limit start due done text citation standing
total
capitals
threshold_basis
excluded
has_excluded
punitive_bases: place text citation amount
obligors: sentence clause rows total joint
obligors.rows: name by amount
obligors_reason
punitive: sentence on measure bases conditions factors is_scored unit fines reasons rules obligors
punitive.bases: title base measure amount cited
punitive.conditions: title text basis clause
punitive.factors: title scores spread agreed reason
punitive.obligors: sentence clause rows total joint
punitive.obligors.rows: name by amount
settlement: on lines total cash has_punitive punitive payable payable_capitals dues dues_total plans deposit
settlement: ranks destination note
settlement.lines: place title text basis amount obligor note open
settlement.dues: name borne otherwise cash punitive payable
settlement.dues_total: borne otherwise cash punitive payable
settlement.plans: kind obligor rows total interest has_interest terms basis
settlement.plans.rows: place on amount interest
settlement.ranks: title due paid short clause
matters: level text clause
matters_open
signers
uncertainty: text open
performance
limits
stop
findings: level where text clause
experts: place name unit title field pool recusal opinion open named
dissents: name text
rules: title text place span citation standing note
performance_rules: title text place span citation standing note
standards: title read note
fingerprint
version
section
contents
qr
appraisal: who region aim bounds survey finding licence
appraisal.who: label text evidence open
appraisal.region: label text evidence open
appraisal.aim: label text evidence open
appraisal.bounds: label text evidence open
appraisal.survey: label text evidence open
appraisal.finding: label text evidence open
charts: title picture
claimants
officers
questions
score_sheets: place name unit title field last judged
score_sheets.judged: place title method amount rows
score_sheets.judged.rows: symbol title value allowed
"""


@cache
def known_variables() -> dict[str, frozenset[str]]:
    """Return what each variable has inside, by its dotted name: ``items.inputs`` has ``symbol``, …

    The empty name has the variables themselves; a name that is not there has nothing inside.
    """
    known: dict[str, set[str]] = {"": set()}
    for line in _KNOWN.strip().splitlines():
        name, _, inside = line.partition(":")
        if "." not in name:
            known[""].add(name)
        if inside:
            known.setdefault(name, set()).update(inside.split())
    return {name: frozenset(inside) for name, inside in known.items()}
