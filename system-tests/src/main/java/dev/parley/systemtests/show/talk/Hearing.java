package dev.parley.systemtests.show.talk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What the probe in a page heard on one side since it was asked last.
 *
 * @param levelsDb loudness of each asked frequency over the last second, in dB of full scale
 * @param onsetsMs when bursts began, milliseconds since 1970
 * @param firstSoundMs when the very first sound came, or not-a-number
 * @param lastSoundMs when the newest sound came, or not-a-number
 */
public record Hearing(
    List<Double> levelsDb, List<Double> onsetsMs, double firstSoundMs, double lastSoundMs) {

  static Hearing parse(JsonNode side) {
    return new Hearing(
        numbers(side.path("levels")),
        numbers(side.path("onsets")),
        side.path("firstSoundMs").asDouble(Double.NaN),
        side.path("lastSoundMs").asDouble(Double.NaN));
  }

  private static List<Double> numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asDouble).toList();
  }
}
