package dev.parley.media.door;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An answer of the door. Immutable.
 *
 * @param headers may name one field several times
 */
record DoorAnswer(int status, List<Map.Entry<String, String>> headers, String body) {
  static final String SDP = "application/sdp";
  static final String SDP_FRAGMENT = "application/trickle-ice-sdpfrag";

  private static final ObjectMapper JSON = new ObjectMapper();

  DoorAnswer {
    headers = List.copyOf(headers);
  }

  static DoorAnswer of(int status) {
    return new DoorAnswer(status, List.of(), "");
  }

  /** An error (RFC 9457). The path stays out of it, for it holds the ticket. */
  static DoorAnswer problem(int status, String code, String title, String detail) {
    return problem(status, code, title, detail, 0);
  }

  /**
   * An error with the offer's line at fault.
   *
   * @param line from 1; 0 if it is none
   */
  static DoorAnswer problem(int status, String code, String title, String detail, int line) {
    ObjectNode body = JSON.createObjectNode();
    body.put("type", "urn:parley:problem:" + code);
    body.put("title", title);
    body.put("status", status);
    body.put("code", code);
    body.put("detail", detail);
    if (line > 0) {
      body.put("line", line);
    }
    return of(status).with("Content-Type", "application/problem+json").saying(body.toString());
  }

  static DoorAnswer malformed(String detail) {
    return problem(400, "malformed", "Not readable", detail);
  }

  static DoorAnswer notFound() {
    return problem(404, "not-found", "Not found", "There is no such media session or address.");
  }

  static DoorAnswer unavailable(String code, String detail, int retryAfterSec) {
    return problem(503, code, "Not now", detail)
        .with("Retry-After", Integer.toString(retryAfterSec));
  }

  DoorAnswer with(String name, String value) {
    List<Map.Entry<String, String>> more = new ArrayList<>(headers);
    more.add(Map.entry(name, value));
    return new DoorAnswer(status, more, body);
  }

  DoorAnswer saying(String text) {
    return new DoorAnswer(status, headers, text);
  }
}
