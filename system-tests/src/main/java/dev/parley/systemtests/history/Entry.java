package dev.parley.systemtests.history;

import java.util.List;
import java.util.Map;

/** Something that was seen. Times are those of one monotonic clock, in nanoseconds. */
public sealed interface Entry {
  /** When it was seen, or began. */
  long atNs();

  /** Which conference it is about; empty if none, or none that is known. */
  String conference();

  /**
   * A client's request and its answer.
   *
   * @param client whose it is: a client asks one thing at a time
   * @param endedNs when the answer came, or the client gave up
   * @param result empty unless it was done and there is one
   */
  record Operation(
      String client,
      String conference,
      Request request,
      long atNs,
      long endedNs,
      Outcome outcome,
      String result)
      implements Entry {
    boolean isOk() {
      return outcome == Outcome.OK;
    }

    /** Whether it was done, or may have been. */
    boolean mayBeDone() {
      return outcome != Outcome.FAIL;
    }
  }

  /**
   * A media server let somebody in.
   *
   * @param server the incarnation
   */
  record Admission(String server, String conference, long epoch, String participant, long atNs)
      implements Entry {}

  /**
   * What a media server held of a conference when all was quiet.
   *
   * @param server the incarnation
   */
  record Holding(String server, String conference, long epoch, List<String> participants, long atNs)
      implements Entry {}

  /**
   * A webhook message was delivered, for the first time or again.
   *
   * @param participant whom it is about, or empty
   * @param reason why the participant left or the conference ended, or empty
   */
  record Delivery(
      String id,
      String conference,
      long sequence,
      String type,
      String participant,
      String reason,
      long atNs)
      implements Entry {}

  /**
   * A frame with a number came on an events socket.
   *
   * @param socket the watcher, whatever node it was connected to
   * @param type {@code welcome} tells from where numbers go on
   * @param resumed of a welcome: whether nothing was missed
   */
  record Frame(String socket, String conference, long seq, String type, boolean resumed, long atNs)
      implements Entry {}

  /**
   * A conference as the API showed it when all was quiet.
   *
   * @param people identities by stay
   */
  record Quiet(
      String conference,
      boolean isOpen,
      int participantCount,
      Map<String, String> people,
      long atNs)
      implements Entry {}

  /**
   * The messages of a conference, read in the end.
   *
   * @param texts by sequence
   */
  record Log(String conference, List<Said> texts, long atNs) implements Entry {}

  /** One of them. */
  record Said(long sequence, String text) {}

  /**
   * Something was broken.
   *
   * @param takesMedia whether people may lose their media by it
   */
  record Fault(String what, boolean takesMedia, long atNs, long endedNs) implements Entry {
    @Override
    public String conference() {
      return "";
    }
  }
}
