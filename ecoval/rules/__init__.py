"""What law and standards say, there and then: places, sources, parameters, tables, cards."""
