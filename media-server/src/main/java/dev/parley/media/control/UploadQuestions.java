package dev.parley.media.control;

import dev.parley.common.control.Backoff;
import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Questions about uploads that wait for their answers. Any session node can answer; when a link
 * breaks, or nothing comes for a while, another is asked. Belongs to the {@link LinkLoop}'s thread.
 */
final class UploadQuestions {
  private static final int WAITING_MAX = 64;

  /** A node asks a database, and sometimes a store. */
  private static final long REPEAT_FIRST_NS = TimeUnit.SECONDS.toNanos(4);

  /** A recording's key needs neither, and a conference's commands wait for it. */
  private static final long KEY_REPEAT_FIRST_NS = TimeUnit.MILLISECONDS.toNanos(400);

  private static final long REPEAT_LONGEST_NS = TimeUnit.SECONDS.toNanos(16);
  private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(60);

  private final LinkContext context;
  private final Supplier<List<NodeLink>> linksUp;
  private final Map<Long, Waiting> waiting = new HashMap<>();
  private long lastId;
  private int turn;

  /**
   * Nothing is asked yet.
   *
   * @param linksUp in any order
   */
  UploadQuestions(LinkContext context, Supplier<List<NodeLink>> linksUp) {
    this.context = context;
    this.linksUp = linksUp;
  }

  /** A question, and who has it. */
  private static final class Waiting {
    final UploadRequest request;
    final CompletableFuture<UploadAnswer.Outcome> answer;
    final Backoff backoff;
    final long sinceNs;
    @Nullable NodeLink asked;
    LinkLoop.@Nullable Timer timer;

    Waiting(
        UploadRequest request,
        CompletableFuture<UploadAnswer.Outcome> answer,
        Backoff backoff,
        long sinceNs) {
      this.request = request;
      this.answer = answer;
      this.backoff = backoff;
      this.sinceNs = sinceNs;
    }
  }

  /** Asks; the answer comes within a minute, if only to say that it is to be asked again. */
  void ask(
      UploadRequest.Track track,
      UploadRequest.Wish wish,
      CompletableFuture<UploadAnswer.Outcome> answer) {
    if (waiting.size() >= WAITING_MAX) {
      answer.complete(new UploadAnswer.Later("too many questions wait"));
      return;
    }
    lastId++;
    Waiting asked =
        new Waiting(
            new UploadRequest(lastId, track, wish),
            answer,
            new Backoff(repeatFirstNs(wish), REPEAT_LONGEST_NS, context.random()),
            context.loop().nowNs());
    waiting.put(lastId, asked);
    send(asked);
  }

  private static long repeatFirstNs(UploadRequest.Wish wish) {
    return wish instanceof UploadRequest.SpoolKey ? KEY_REPEAT_FIRST_NS : REPEAT_FIRST_NS;
  }

  /** Returns false if nobody waits for it any more. */
  boolean onAnswer(UploadAnswer answer) {
    Waiting asked = waiting.remove(answer.id());
    if (asked == null) {
      return false;
    }
    stop(asked, answer.outcome());
    return true;
  }

  /** A link is up: it is asked what nobody was. */
  void onUp() {
    for (Waiting asked : List.copyOf(waiting.values())) {
      if (asked.asked == null) {
        send(asked);
      }
    }
  }

  /** A link is gone: others are asked what it was. */
  void onDown(NodeLink link) {
    for (Waiting asked : List.copyOf(waiting.values())) {
      if (asked.asked == link) {
        context.counters().increment(LinkCounter.UPLOADS_ASKED_AGAIN);
        send(asked);
      }
    }
  }

  /** Nothing will be answered any more. */
  void close() {
    for (Waiting asked : waiting.values()) {
      stop(asked, new UploadAnswer.Later("the links are closed"));
    }
    waiting.clear();
  }

  private void send(Waiting asked) {
    cancel(asked);
    long leftNs = asked.sinceNs + ANSWER_NS - context.loop().nowNs();
    if (leftNs <= 0) {
      waiting.remove(asked.request.id());
      stop(asked, new UploadAnswer.Later("no answer in time"));
      return;
    }
    NodeLink link = next(asked.asked);
    asked.asked = link;
    if (link != null) {
      context.counters().increment(LinkCounter.UPLOADS_ASKED);
      link.answer(asked.request);
    }
    long waitNs = link == null ? leftNs : Math.min(leftNs, asked.backoff.nextDelayNs());
    asked.timer = context.loop().schedule(waitNs, () -> again(asked));
  }

  private void again(Waiting asked) {
    if (waiting.get(asked.request.id()) == asked) {
      context.counters().increment(LinkCounter.UPLOADS_ASKED_AGAIN);
      send(asked);
    }
  }

  /** In turn, and not the same again if there is another. */
  private @Nullable NodeLink next(@Nullable NodeLink before) {
    List<NodeLink> up = linksUp.get();
    if (up.isEmpty()) {
      return null;
    }
    turn++;
    NodeLink link = up.get(Math.floorMod(turn, up.size()));
    return link == before ? up.get(Math.floorMod(turn + 1, up.size())) : link;
  }

  private static void stop(Waiting asked, UploadAnswer.Outcome outcome) {
    cancel(asked);
    asked.answer.complete(outcome);
  }

  private static void cancel(Waiting asked) {
    if (asked.timer != null) {
      asked.timer.cancel();
      asked.timer = null;
    }
  }
}
