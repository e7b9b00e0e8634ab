package dev.parley.session.event;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one client's socket: dealt with one after the other, in order, so that a client's
 * messages are in the order it sent them. Any thread; a lock guards the queue.
 */
final class RequestLine {
  private static final ClientRequests.Refused FULL =
      new ClientRequests.Refused("busy", "Wait for answers before you ask for more.", 1);

  private final Function<EventJson.MessageSend, ClientRequests.Outcome> desk;
  private final Consumer<String> answers;
  private final Executor blocking;
  private final EventCounters counters;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<EventJson.MessageSend> waiting = new ArrayDeque<>();
  private boolean isBusy;

  /**
   * Takes what it needs.
   *
   * @param desk deals with a request; never throws
   * @param answers where the answers' frames go
   * @param blocking runs the desk: a virtual thread each
   */
  RequestLine(
      Function<EventJson.MessageSend, ClientRequests.Outcome> desk,
      Consumer<String> answers,
      Executor blocking,
      EventCounters counters) {
    this.desk = desk;
    this.answers = answers;
    this.blocking = blocking;
    this.counters = counters;
  }

  /** Lines a request up; refuses it at once if too many wait. */
  void take(EventJson.MessageSend request) {
    counters.increment(EventCounter.REQUESTS);
    boolean isFull;
    boolean wasBusy;
    lock.lock();
    try {
      isFull = waiting.size() >= EventLimits.REQUESTS_MAX;
      wasBusy = isBusy;
      if (!isFull) {
        waiting.addLast(request);
        isBusy = true;
      }
    } finally {
      lock.unlock();
    }
    if (isFull) {
      answer(request.cid(), FULL);
    } else if (!wasBusy) {
      blocking.execute(this::work);
    }
  }

  private void work() {
    for (EventJson.MessageSend request = next(); request != null; request = next()) {
      answer(request.cid(), desk.apply(request));
    }
  }

  private EventJson.@Nullable MessageSend next() {
    lock.lock();
    try {
      EventJson.MessageSend request = waiting.pollFirst();
      isBusy = request != null;
      return request;
    } finally {
      lock.unlock();
    }
  }

  private void answer(String cid, ClientRequests.Outcome outcome) {
    answers.accept(
        switch (outcome) {
          case ClientRequests.Done done -> EventJson.ack(cid, done);
          case ClientRequests.Refused refused -> {
            counters.increment(EventCounter.REQUESTS_REFUSED);
            yield EventJson.refused(cid, refused);
          }
        });
  }
}
