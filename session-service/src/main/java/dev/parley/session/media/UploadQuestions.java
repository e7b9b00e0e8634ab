package dev.parley.session.media;

import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadRequest;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the questions of media servers about uploads answered, each on a virtual thread that may
 * block, and not too many at once. Any thread.
 */
public final class UploadQuestions {
  private static final Logger LOG = LoggerFactory.getLogger(UploadQuestions.class);
  private static final int AT_ONCE_MAX = 64;

  private final Semaphore free = new Semaphore(AT_ONCE_MAX);
  private final ControlCounters counters;
  private volatile Function<UploadRequest, UploadAnswer.Outcome> desk =
      _ -> new UploadAnswer.Later("this node has no Library");

  UploadQuestions(ControlCounters counters) {
    this.counters = counters;
  }

  /**
   * Names who knows the answers; without it every one is to ask later. Once, before any link.
   *
   * @param answering may block; when it throws, the question is to be asked again later
   */
  public void answerBy(Function<UploadRequest, UploadAnswer.Outcome> answering) {
    desk = answering;
  }

  /** Answers by the link that the question came by; if that is gone, it is asked again. */
  void onRequest(ServerLink link, UploadRequest request) {
    if (!free.tryAcquire()) {
      counters.increment(ControlCounter.UPLOADS_BUSY);
      link.send(new UploadAnswer(request.id(), new UploadAnswer.Later("busy")));
      return;
    }
    var _ =
        Thread.ofVirtual()
            .name("upload-question")
            .start(() -> {
              try {
                link.send(new UploadAnswer(request.id(), answer(request)));
              } finally {
                free.release();
              }
            });
  }

  private UploadAnswer.Outcome answer(UploadRequest request) {
    counters.increment(ControlCounter.UPLOADS_ASKED);
    try {
      return desk.apply(request);
    } catch (RuntimeException e) {
      LOG.warn("no answer now for an upload of {}", request.track(), e);
      return new UploadAnswer.Later(e.getClass().getSimpleName());
    }
  }
}
