package dev.parley.benchmarks.client.janus;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/**
 * What a plugin says to a request.
 *
 * @param words of the plugin's own
 * @param sdp its session description, or empty if it sent none
 */
record JanusEvent(JsonNode words, String sdp) {
  /**
   * Reads one object of the API.
   *
   * @throws IOException if it tells of an error, Janus's or the plugin's
   */
  static JanusEvent of(JsonNode message) throws IOException {
    JsonNode error = message.path("error");
    if (!error.isMissingNode()) {
      throw new IOException("Janus: " + error.path("code") + ' ' + error.path("reason").asText());
    }
    JsonNode words = message.path("plugindata").path("data");
    if (words.has("error")) {
      String plugin = message.path("plugindata").path("plugin").asText();
      throw new IOException(
          plugin + ": " + words.path("error_code") + ' ' + words.path("error").asText());
    }
    return new JanusEvent(words, message.path("jsep").path("sdp").asText());
  }
}
