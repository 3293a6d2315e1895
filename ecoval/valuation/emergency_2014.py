"""Emergency response after the first edition of 2011: its formulas, under the method of 2014."""

from __future__ import annotations

from . import emergency

materials = emergency.materials.edition("emergency-materials-2014", module=__name__)
machines = emergency.machines.edition("emergency-machines-2014", module=__name__)
fuel = emergency.fuel.edition("emergency-fuel-2014", module=__name__)
people = emergency.people.edition("emergency-people-2014", module=__name__)
newness = emergency.newness.edition("emergency-newness-2014", module=__name__)
property_damage = emergency.property_damage.edition("emergency-property-2014", module=__name__)
