package dev.parley.session.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.harness.CountryFile;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaxMindCountriesTest {
  @TempDir Path folder;

  @Test
  void addressesOfBothFamiliesHaveTheirCountries() throws IOException {
    Path file =
        CountryFile.write(
            folder.resolve("country.mmdb"),
            Map.of("203.0.113.0/24", "DE", "198.51.100.0/25", "BR", "2001:db8:5::/48", "JP"));

    try (MaxMindCountries countries = MaxMindCountries.open(file)) {
      assertThat(countries.countryOf(InetAddress.ofLiteral("203.0.113.200"))).isEqualTo("DE");
      assertThat(countries.countryOf(InetAddress.ofLiteral("198.51.100.1"))).isEqualTo("BR");
      assertThat(countries.countryOf(InetAddress.ofLiteral("198.51.100.129"))).isNull();
      assertThat(countries.countryOf(InetAddress.ofLiteral("2001:db8:5::9"))).isEqualTo("JP");
      assertThat(countries.countryOf(InetAddress.ofLiteral("::1"))).isNull();
    }
  }

  @Test
  void whatIsNoDatabaseIsSaidToTheOperator() throws IOException {
    Path file = Files.writeString(folder.resolve("country.mmdb"), "no database");

    assertThatThrownBy(() -> MaxMindCountries.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("geoip-database")
        .hasMessageContaining("country.mmdb");
    assertThatThrownBy(() -> MaxMindCountries.open(folder.resolve("none")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("geoip-database");
  }
}
