package dev.parley.session.placement;

import dev.parley.common.id.Region;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The lists of places that come with the service: text files of fields between tabs, in which lines
 * that begin with {@code #} are comments. Stateless.
 */
final class PlaceList {
  private PlaceList() {}

  /** Regions: name, city, latitude, longitude. */
  static Map<Region, RegionAtlas.Place> regions() {
    Map<Region, RegionAtlas.Place> places = new HashMap<>();
    read(
        "/places/regions.tsv",
        field ->
            places.put(
                new Region(field[0]), new RegionAtlas.Place(field[1], point(field[2], field[3]))));
    return places;
  }

  /** Countries: two letters (ISO 3166-1), latitude, longitude of about where its people live. */
  static Map<String, GeoPoint> countries() {
    Map<String, GeoPoint> points = new HashMap<>();
    read("/places/countries.tsv", field -> points.put(field[0], point(field[1], field[2])));
    return points;
  }

  private static void read(String name, Consumer<String[]> onLine) {
    try (InputStream in = PlaceList.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not in this build");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          onLine.accept(line.split("\t", -1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GeoPoint point(String latitude, String longitude) {
    return new GeoPoint(Double.parseDouble(latitude), Double.parseDouble(longitude));
  }
}
