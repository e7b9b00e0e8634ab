package dev.parley.session.store.dynamo;

import dev.parley.session.capacity.Priority;
import dev.parley.session.store.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * Asks DynamoDB, and asks again what failed: a few times, with a jittered pause in between, within
 * the operation's timeout and within what all operations together may repeat. Remembers whether an
 * attempt that failed may have been carried out all the same. Thread-safe; blocks.
 */
final class Calls {
  private static final int ATTEMPTS_MAX = 4;

  /** What cannot wait goes on as long as it is certain that nothing has happened yet. */
  private static final int URGENT_ATTEMPTS_MAX = 12;

  private static final long PAUSE_FIRST_MS = 50;
  private static final int PAUSE_DOUBLINGS_MAX = 3;
  private static final long LEFT_MIN_NS = 1_000_000;
  private static final int SERVER_ERROR = 500;

  private final Duration timeout;
  private final LongSupplier nanoTime;
  private final Runnable onThrottled;
  private final RetryBudget budget = new RetryBudget();
  private final LongAdder retries = new LongAdder();
  private final LongAdder throttled = new LongAdder();
  private final LongAdder lostAnswers = new LongAdder();
  private final LongAdder unknownOutcomes = new LongAdder();

  /**
   * Takes its limits.
   *
   * @param timeout of an operation, all of its attempts together
   * @param nanoTime monotonic time in nanoseconds
   * @param onThrottled is told of each attempt that was refused for too much
   */
  Calls(Duration timeout, LongSupplier nanoTime, Runnable onThrottled) {
    this.timeout = timeout;
    this.nanoTime = nanoTime;
    this.onThrottled = onThrottled;
  }

  /** One attempt at a write. */
  interface Attempt<T> {
    /**
     * Makes it.
     *
     * @param limits what is left of the operation's time, for the request
     * @param mayHaveHappened true if an earlier attempt had no answer and may have been carried out
     */
    T make(AwsRequestOverrideConfiguration limits, boolean mayHaveHappened);
  }

  /**
   * Reads: makes attempts until one is answered.
   *
   * @param attempt makes one, within what is left of the operation's time
   * @throws StoreUnavailableException if none was
   * @throws IllegalArgumentException if the request itself is wrong, which is our fault
   */
  <T> T read(String what, Function<AwsRequestOverrideConfiguration, T> attempt) {
    return call(what, false, (limits, _) -> attempt.apply(limits));
  }

  /**
   * Writes: makes attempts until one is answered.
   *
   * @throws StoreUnavailableException if none was; the write may have happened
   * @throws IllegalArgumentException if the request itself is wrong, which is our fault
   */
  <T> T write(String what, Attempt<T> attempt) {
    return call(what, true, attempt);
  }

  private <T> T call(String what, boolean isWrite, Attempt<T> attempt) {
    long startNs = nanoTime.getAsLong();
    boolean mayHaveHappened = false;
    Priority priority = Priority.current();
    for (int made = 1; ; made++) {
      long leftNs = timeout.toNanos() - (nanoTime.getAsLong() - startNs);
      Duration left = Duration.ofNanos(Math.max(leftNs, LEFT_MIN_NS));
      try {
        T answer =
            attempt.make(
                AwsRequestOverrideConfiguration.builder().apiCallTimeout(left).build(),
                mayHaveHappened);
        budget.succeeded();
        return answer;
      } catch (SdkException e) {
        Failure failure = Failure.of(e);
        if (failure == Failure.OUR_FAULT && !mayHaveHappened) {
          throw new IllegalArgumentException(what + " was refused: " + e.getMessage(), e);
        }
        if (failure == Failure.THROTTLED) {
          throttled.increment();
          onThrottled.run();
        }
        mayHaveHappened |= failure == Failure.UNANSWERED;
        long spentMs = Duration.ofNanos(nanoTime.getAsLong() - startNs).toMillis();
        long pauseMs = ThreadLocalRandom.current().nextLong(1 + pauseMaxMs(made));
        if (!failure.isWorthRetrying
            || made >= attemptsMax(priority, failure)
            || spentMs + pauseMs >= timeout.toMillis()
            || !budget.mayRetry(priority)) {
          if (mayHaveHappened && isWrite) {
            unknownOutcomes.increment();
          }
          if (failure == Failure.INTERRUPTED) {
            Thread.currentThread().interrupt();
          }
          throw new StoreUnavailableException(
              "DynamoDB failed at %s, attempt %d: %s".formatted(what, made, e.getMessage()), e);
        }
        pause(what, pauseMs);
        retries.increment();
      }
    }
  }

  /** A write whose answer was lost turned out to be stored. */
  void foundLostAnswer() {
    lostAnswers.increment();
  }

  /** What came of a write whose answer was lost cannot be told any more. */
  void lostOutcome() {
    unknownOutcomes.increment();
  }

  /** Attempts made again. */
  long retryCount() {
    return retries.sum();
  }

  /** Attempts that DynamoDB refused because there were too many. */
  long throttledCount() {
    return throttled.sum();
  }

  /** Writes whose answer was lost and that turned out to be stored. */
  long lostAnswerCount() {
    return lostAnswers.sum();
  }

  /** Writes of which nobody knows whether they were carried out. */
  long unknownOutcomeCount() {
    return unknownOutcomes.sum();
  }

  private static int attemptsMax(Priority priority, Failure failure) {
    return priority == Priority.P0 && failure == Failure.THROTTLED
        ? URGENT_ATTEMPTS_MAX
        : ATTEMPTS_MAX;
  }

  private static long pauseMaxMs(int made) {
    return PAUSE_FIRST_MS << Math.min(made - 1, PAUSE_DOUBLINGS_MAX);
  }

  private static void pause(String what, long pauseMs) {
    try {
      Thread.sleep(pauseMs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted at " + what, e);
    }
  }

  /** What a failed attempt means. */
  private enum Failure {
    /** Nobody answered, or with "something went wrong": it may have been carried out. */
    UNANSWERED(true),
    /** It was not carried out because there is too much to do. */
    THROTTLED(true),
    /** It was not carried out; the SDK has corrected its clock by now. */
    CLOCK_SKEWED(true),
    /** It was not carried out, and would not be: no permission, no table. */
    REFUSED(false),
    /** The request makes no sense. */
    OUR_FAULT(false),
    /** This thread is to end. */
    INTERRUPTED(false);

    final boolean isWorthRetrying;

    Failure(boolean isWorthRetrying) {
      this.isWorthRetrying = isWorthRetrying;
    }

    static Failure of(SdkException e) {
      if (!(e instanceof SdkServiceException service)) {
        return e instanceof AbortedException ? INTERRUPTED : UNANSWERED;
      }
      if (service.isThrottlingException()) {
        return THROTTLED;
      }
      if (service.isClockSkewException()) {
        return CLOCK_SKEWED;
      }
      if (service.statusCode() >= SERVER_ERROR) {
        return UNANSWERED;
      }
      return service instanceof AwsServiceException aws
              && aws.awsErrorDetails() != null
              && "ValidationException".equals(aws.awsErrorDetails().errorCode())
          ? OUR_FAULT
          : REFUSED;
    }
  }
}
