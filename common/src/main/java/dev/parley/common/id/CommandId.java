package dev.parley.common.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Names one command from the session tier, so that a media server applies it once however often it
 * arrives.
 */
public record CommandId(@JsonValue String value) {
  @JsonCreator
  public CommandId {
    Identifiers.require(value, "commandId");
  }

  @Override
  public String toString() {
    return value;
  }
}
