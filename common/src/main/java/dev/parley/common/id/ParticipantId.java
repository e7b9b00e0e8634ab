package dev.parley.common.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one stay of one identity in one conference: {@code pt_} and 26 characters. */
public record ParticipantId(@JsonValue String value) {
  @JsonCreator
  public ParticipantId {
    Identifiers.require(value, "participantId");
  }

  @Override
  public String toString() {
    return value;
  }
}
