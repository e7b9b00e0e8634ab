package dev.parley.session.webhook;

import java.net.URI;
import java.util.Map;

/** Posts messages to endpoints. Thread-safe; blocks for some seconds at most. */
public interface WebhookSender {

  /** Makes one attempt; whatever fails is an outcome. */
  Answer send(Message message);

  /** What is posted. */
  record Message(URI url, Map<String, String> headers, String body) {
    public Message {
      headers = Map.copyOf(headers);
    }
  }

  /**
   * What came of it.
   *
   * @param status the HTTP status, or 0 if there was none
   */
  record Answer(Outcome outcome, int status) {}
}
