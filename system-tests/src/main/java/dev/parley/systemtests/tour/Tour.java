package dev.parley.systemtests.tour;

import dev.parley.testsupport.OpenApiContract;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tour of the API: what an operator, a customer's back end and two people do with two session
 * nodes behind haproxy, told step by step. Ends at the first step that is not as documented.
 */
public final class Tour {
  private final Path folder;
  private final @Nullable PrintStream out;

  /**
   * Not begun yet.
   *
   * @param folder for what the processes keep
   * @param out where it is told; null tells nobody
   */
  public Tour(Path folder, @Nullable PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  /**
   * What came of it.
   *
   * @param steps requests, and what came of itself
   * @param called how many of openapi.yaml's operations succeeded
   * @param missing those that did not
   */
  public record Result(int steps, int called, Set<String> missing) {}

  /** All chapters. */
  public Result whole() throws IOException, InterruptedException {
    TourLog log = new TourLog(out);
    try (TourStage stage = new TourStage(folder, log)) {
      Story story = new Story(stage);
      OfficeChapters office = new OfficeChapters(story);
      office.keys();
      office.webhooks();
      office.description();
      office.regions();
      office.conference();
      office.tokens();
      CallChapters call = new CallChapters(story);
      call.joins();
      call.resume();
      call.sessions();
      call.moderation();
      call.messages();
      DoorChapters doors = new DoorChapters(story);
      doors.lock();
      doors.lobby();
      doors.bans();
      OperatorChapters operator = new OperatorChapters(story);
      operator.drain();
      call.quality();
      operator.isolate();
      EndChapters end = new EndChapters(story);
      end.end();
      end.told();
      end.deliveries();
      end.usage();
      end.erasure();
      operator.audit();
      return result(stage, log);
    }
  }

  /** The way from a server key to a call and its end, within a minute. */
  public Result shortened() throws IOException, InterruptedException {
    TourLog log = new TourLog(out);
    try (TourStage stage = new TourStage(folder, log)) {
      Story story = new Story(stage);
      OfficeChapters office = new OfficeChapters(story);
      office.keys();
      office.webhooks();
      office.conference();
      office.tokens();
      CallChapters call = new CallChapters(story);
      call.joins();
      call.resume();
      call.messages();
      new DoorChapters(story).lock();
      EndChapters end = new EndChapters(story);
      end.end();
      end.told();
      return result(stage, log);
    }
  }

  private static Result result(TourStage stage, TourLog log) {
    Set<String> missing = new TreeSet<>(stage.contract().operationIds());
    int all = missing.size();
    missing.removeAll(OpenApiContract.succeeded());
    return new Result(log.steps(), all - missing.size(), missing);
  }
}
