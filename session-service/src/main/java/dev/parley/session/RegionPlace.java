package dev.parley.session;

import dev.parley.common.id.Region;
import dev.parley.session.placement.GeoPoint;
import dev.parley.session.placement.RegionAtlas;

/** Where a region is, as the setting {@code region-places} says it. */
record RegionPlace(Region region, RegionAtlas.Place place) {
  static final String PATTERN =
      "[A-Za-z0-9][A-Za-z0-9._-]{0,63}=-?[0-9]{1,2}(\\.[0-9]{1,6})?/-?[0-9]{1,3}(\\.[0-9]{1,6})?/[^/,]{1,64}";

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none
   */
  static RegionPlace parse(String text) {
    int equals = text.indexOf('=');
    String[] parts = text.substring(equals + 1).split("/", 3);
    GeoPoint point = new GeoPoint(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
    return new RegionPlace(
        new Region(text.substring(0, equals)), new RegionAtlas.Place(parts[2], point));
  }
}
