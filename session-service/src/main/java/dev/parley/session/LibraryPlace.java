package dev.parley.session;

import dev.parley.common.config.SettingsException;
import dev.parley.common.id.MetadataRegion;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A region with a library of its own, as the setting {@code libraries} says it.
 *
 * @param region as residency policies name it
 * @param awsRegion where its table is in DynamoDB; empty for the embedded store
 * @param endpoint of that DynamoDB, if it is not AWS's own
 */
record LibraryPlace(String region, Optional<String> awsRegion, Optional<URI> endpoint) {
  static final String PATTERN =
      "(" + MetadataRegion.PATTERN + ")(?:=([a-z0-9-]{1,64})(?:@(https?://[^,@\\s]{1,253}))?)?";

  private static final Pattern SHAPE = Pattern.compile(PATTERN);

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none
   */
  static LibraryPlace parse(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no library: " + text);
    }
    return new LibraryPlace(
        matcher.group(1),
        Optional.ofNullable(matcher.group(2)),
        Optional.ofNullable(matcher.group(3)).map(URI::create));
  }

  /**
   * Reads all of them, which must go with the store.
   *
   * @param own the region of the primary's library, if it has a name
   * @param isDynamo true if the store is DynamoDB
   */
  static List<LibraryPlace> all(List<String> texts, Optional<String> own, boolean isDynamo) {
    List<LibraryPlace> places = texts.stream().map(LibraryPlace::parse).toList();
    Set<String> seen = new HashSet<>();
    own.ifPresent(seen::add);
    for (LibraryPlace place : places) {
      if (!seen.add(place.region())) {
        throw wrong(place.region() + " is there twice, or is library-region");
      }
      if (isDynamo != place.awsRegion().isPresent()) {
        throw wrong(
            isDynamo
                ? place.region() + " needs an AWS region, such as " + place.region() + "=eu-west-1"
                : place.region() + " names an AWS region, and the store is not DynamoDB");
      }
    }
    return places;
  }

  private static SettingsException wrong(String detail) {
    return new SettingsException(List.of("libraries: " + detail));
  }

  /** Returns what residency policies may name: nothing, if there is one library for all. */
  static NavigableSet<String> names(List<LibraryPlace> places, Optional<String> own) {
    NavigableSet<String> names = new TreeSet<>();
    places.forEach(place -> names.add(place.region()));
    own.ifPresent(names::add);
    return names;
  }

  /** The name of its folder, where the store is embedded. */
  String folder() {
    return "library-" + region + ".rocksdb";
  }
}
