package dev.parley.session.placement;

/**
 * A place on the earth. Immutable.
 *
 * @param latitude degrees north, -90 to 90
 * @param longitude degrees east, -180 to 180
 */
public record GeoPoint(double latitude, double longitude) {
  private static final double EARTH_RADIUS_KM = 6371;

  /** Packets take about so far for each millisecond of a round trip, as cables are laid. */
  private static final double KM_PER_RTT_MS = 75;

  /** What the network at both ends takes. */
  private static final double LAST_MILE_RTT_MS = 10;

  public GeoPoint {
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
      throw new IllegalArgumentException("no place on earth: " + latitude + ", " + longitude);
    }
  }

  /** Returns the way along the surface (great circle, by the haversine formula) in kilometres. */
  public double distanceKm(GeoPoint other) {
    double north = Math.toRadians(other.latitude - latitude);
    double east = Math.toRadians(other.longitude - longitude);
    double chord =
        square(Math.sin(north / 2))
            + Math.cos(Math.toRadians(latitude))
                * Math.cos(Math.toRadians(other.latitude))
                * square(Math.sin(east / 2));
    return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
  }

  /** Returns the round trip one may expect to the other place, in milliseconds. */
  public double expectedRttMs(GeoPoint other) {
    return LAST_MILE_RTT_MS + distanceKm(other) / KM_PER_RTT_MS;
  }

  private static double square(double value) {
    return value * value;
  }
}
