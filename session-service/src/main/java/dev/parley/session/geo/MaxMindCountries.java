package dev.parley.session.geo;

import com.maxmind.db.Reader;
import dev.parley.session.placement.CountryLookup;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Countries from a file in MaxMind's format, wholly in memory: with {@code country_code} in its
 * records, or {@code country.iso_code} as MaxMind's own have it. Thread-safe.
 */
public final class MaxMindCountries implements CountryLookup, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MaxMindCountries.class);

  private final Reader reader;

  private MaxMindCountries(Reader reader) {
    this.reader = reader;
  }

  /**
   * Opens a database.
   *
   * @throws IOException if it cannot be read or is no such file; its message is for the operator
   */
  public static MaxMindCountries open(Path file) throws IOException {
    try {
      Reader reader = new Reader(file.toFile(), Reader.FileMode.MEMORY);
      LOG.info(
          "countries of addresses: {} of {}",
          reader.getMetadata().databaseType(),
          reader.getMetadata().buildTime());
      return new MaxMindCountries(reader);
    } catch (IOException e) {
      throw new IOException("geoip-database: " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public @Nullable String countryOf(InetAddress address) {
    try {
      Map<?, ?> found = reader.get(address, Map.class);
      if (found == null) {
        return null;
      }
      Object code =
          found.get("country") instanceof Map<?, ?> country
              ? country.get("iso_code")
              : found.get("country_code");
      return code instanceof String text ? text : null;
    } catch (IOException | IllegalArgumentException e) {
      // A broken record, or an IPv6 address in a database of IPv4: nothing is known of it.
      LOG.debug("no country", e);
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
