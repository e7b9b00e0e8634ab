package dev.parley.common.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Names one recording of one conference: {@code rc_} and 32 characters, and maybe its {@link
 * MetadataRegion}.
 */
public record RecordingId(@JsonValue String value) {
  @JsonCreator
  public RecordingId {
    Identifiers.require(value, "recordingId");
  }

  @Override
  public String toString() {
    return value;
  }
}
