package dev.parley.session;

import dev.parley.common.config.Settings;
import dev.parley.common.config.SettingsException;
import dev.parley.common.id.Region;
import dev.parley.session.conference.ConferenceStore;
import dev.parley.session.conference.Placing;
import dev.parley.session.media.LinkedServers;
import dev.parley.session.media.RegionCensus;
import dev.parley.session.placement.CountryLookup;
import dev.parley.session.placement.RegionAtlas;
import dev.parley.session.placement.RegionGuide;
import dev.parley.session.placement.ResidencyPolicies;
import dev.parley.session.rest.ClientAddresses;
import dev.parley.session.rest.RestApi;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Builds what tells which regions are near whom. One thread. */
final class GeographyParts {
  private final Settings settings;

  GeographyParts(Settings settings) {
    this.settings = settings;
  }

  RestApi.Geography parts(
      ConferenceStore store,
      LinkedServers servers,
      ResidencyPolicies policies,
      CountryLookup countries) {
    Region usual = settings.value(SessionSettings.DEFAULT_REGION).map(Region::new).orElse(null);
    return new RestApi.Geography(
        new RegionCensus(servers),
        new RegionGuide(new RegionAtlas(places()), countries, usual),
        new Placing(store, servers),
        new ClientAddresses(settings.value(SessionSettings.TRUSTED_PROXIES)),
        policies);
  }

  private Map<Region, RegionAtlas.Place> places() {
    Map<Region, RegionAtlas.Place> places = new HashMap<>();
    for (String text : settings.value(SessionSettings.REGION_PLACES)) {
      try {
        RegionPlace named = RegionPlace.parse(text);
        places.put(named.region(), named.place());
      } catch (IllegalArgumentException e) {
        throw new SettingsException(List.of("region-places: " + text + ": " + e.getMessage()));
      }
    }
    return places;
  }
}
