package dev.parley.common.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Names a region, such as {@code eu}: where media servers stand and where objects may have to stay.
 */
public record Region(@JsonValue String value) {
  @JsonCreator
  public Region {
    Identifiers.require(value, "region");
  }

  @Override
  public String toString() {
    return value;
  }
}
