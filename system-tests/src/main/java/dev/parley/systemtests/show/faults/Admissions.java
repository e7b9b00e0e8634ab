package dev.parley.systemtests.show.faults;

import dev.parley.systemtests.history.Entry;
import dev.parley.systemtests.nodes.NodeApi;

/** What a join's answer says of where the media is. Stateless. */
final class Admissions {
  private Admissions() {}

  /** For the history; of no conference if no media server let anybody in. */
  static Entry of(String conference, NodeApi.Reply joined) {
    String server = joined.body().at("/media/server").asText();
    return new Entry.Admission(
        server,
        joined.isOk() && !server.isEmpty() ? conference : "",
        joined.body().at("/media/epoch").asLong(),
        joined.body().path("id").asText(),
        System.nanoTime());
  }
}
