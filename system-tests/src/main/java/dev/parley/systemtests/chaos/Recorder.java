package dev.parley.systemtests.chaos;

import dev.parley.systemtests.history.Entry;
import dev.parley.systemtests.history.History;
import dev.parley.systemtests.history.Outcome;
import dev.parley.systemtests.nodes.NodeApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Takes down what is seen in one run, of its own conferences alone. Thread-safe. */
final class Recorder implements Consumer<Entry> {
  private final ConcurrentLinkedQueue<Entry> entries = new ConcurrentLinkedQueue<>();
  private final Set<String> conferences = ConcurrentHashMap.newKeySet();

  static long nowNs() {
    return System.nanoTime();
  }

  /** What an answer tells of its request. Only our own refusals are sure. */
  static Outcome outcome(NodeApi.Reply reply) {
    return reply.isOk() ? Outcome.OK : reply.status() / 100 == 4 ? Outcome.FAIL : Outcome.INFO;
  }

  /** Adds a conference that this run is about. */
  void about(String conference) {
    conferences.add(conference);
  }

  @Override
  public void accept(Entry entry) {
    if (entry.conference().isEmpty() || conferences.contains(entry.conference())) {
      entries.add(entry);
    }
  }

  List<Entry> soFar() {
    return new ArrayList<>(entries);
  }

  History history() {
    return new History(soFar());
  }
}
