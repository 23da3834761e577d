"""Driving times over the operator's own map: an .osm.pbf read once, kept as a prepared city, asked in milliseconds."""
