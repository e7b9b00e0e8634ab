package dev.parley.common.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Names a media server's place in a region; its process at a given time is an incarnation of it.
 */
public record ServerId(@JsonValue String value) {
  @JsonCreator
  public ServerId {
    Identifiers.require(value, "serverId");
  }

  @Override
  public String toString() {
    return value;
  }
}
