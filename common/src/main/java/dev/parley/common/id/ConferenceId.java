package dev.parley.common.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Names one conference for ever, in every region: {@code cf_} and 26 characters, and maybe its
 * {@link MetadataRegion}.
 */
public record ConferenceId(@JsonValue String value) {
  @JsonCreator
  public ConferenceId {
    Identifiers.require(value, "conferenceId");
  }

  @Override
  public String toString() {
    return value;
  }
}
