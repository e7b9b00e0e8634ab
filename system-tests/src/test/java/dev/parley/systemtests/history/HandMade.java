package dev.parley.systemtests.history;

import dev.parley.systemtests.history.Entry.Admission;
import dev.parley.systemtests.history.Entry.Delivery;
import dev.parley.systemtests.history.Entry.Fault;
import dev.parley.systemtests.history.Entry.Frame;
import dev.parley.systemtests.history.Entry.Holding;
import dev.parley.systemtests.history.Entry.Log;
import dev.parley.systemtests.history.Entry.Operation;
import dev.parley.systemtests.history.Entry.Quiet;
import dev.parley.systemtests.history.Entry.Said;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A history of one conference, written step by step: each begins a millisecond after the last. */
final class HandMade {
  static final String CONFERENCE = "cf_1";

  private final List<Entry> entries = new ArrayList<>();
  private long nowNs;

  /** A request that was answered before anything else happened. */
  HandMade asked(Request request, Outcome outcome, String result) {
    long fromNs = next();
    return add(new Operation("c", CONFERENCE, request, fromNs, next(), outcome, result));
  }

  HandMade ok(Request request) {
    return asked(request, Outcome.OK, "");
  }

  /** A request that was under way all the time from the beginning, and ends now. */
  HandMade askedFromTheBeginning(Request request, Outcome outcome, String result) {
    return add(new Operation("d", CONFERENCE, request, 0, next(), outcome, result));
  }

  HandMade joined(String identity, String stay) {
    return asked(new Request.Join(identity, false), Outcome.OK, stay);
  }

  HandMade told(long sequence, String type, String participant, String reason) {
    String id = CONFERENCE + "_" + sequence;
    return add(new Delivery(id, CONFERENCE, sequence, type, participant, reason, next()));
  }

  HandMade told(long sequence, String type, String participant) {
    return told(sequence, type, participant, "");
  }

  HandMade admitted(String server, long epoch, String participant) {
    return add(new Admission(server, CONFERENCE, epoch, participant, next()));
  }

  HandMade held(String server, String... participants) {
    return add(new Holding(server, CONFERENCE, 1, Arrays.asList(participants), next()));
  }

  HandMade frame(long seq, String type, boolean resumed) {
    return add(new Frame("w", CONFERENCE, seq, type, resumed, next()));
  }

  HandMade fault(boolean takesMedia) {
    return add(new Fault("something", takesMedia, next(), next()));
  }

  HandMade quiet(int count, Map<String, String> people) {
    return add(new Quiet(CONFERENCE, true, count, people, next()));
  }

  HandMade over() {
    return add(new Quiet(CONFERENCE, false, 0, Map.of(), next()));
  }

  HandMade log(Said... texts) {
    return add(new Log(CONFERENCE, Arrays.asList(texts), next()));
  }

  History history() {
    return new History(entries);
  }

  /** What the checker says of it. */
  List<String> faults() {
    return HistoryChecker.judge(history()).stream().map(Violation::what).toList();
  }

  private HandMade add(Entry entry) {
    entries.add(entry);
    return this;
  }

  private long next() {
    nowNs += TimeUnit.MILLISECONDS.toNanos(1);
    return nowNs;
  }
}
