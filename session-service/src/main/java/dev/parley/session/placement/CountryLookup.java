package dev.parley.session.placement;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** In which country an address is used. Thread-safe; does not block for long. */
@FunctionalInterface
public interface CountryLookup {
  /** Knows nothing. */
  CountryLookup NONE = _ -> null;

  /** Returns the country's two letters (ISO 3166-1), or null if they are not known. */
  @Nullable String countryOf(InetAddress address);
}
