package dev.parley.media.door;

/** Ends the handling of a request with an answer. Has no stack trace, for it is no surprise. */
final class DoorRefusal extends Exception {
  private static final long serialVersionUID = 1;

  private final transient DoorAnswer answer;
  private final DoorCounter counter;

  DoorRefusal(DoorCounter counter, DoorAnswer answer) {
    super(counter.name(), null, false, false);
    this.counter = counter;
    this.answer = answer;
  }

  /** A request that is wrong in itself. */
  static DoorRefusal ofRequest(DoorAnswer answer) {
    return new DoorRefusal(DoorCounter.REFUSED_REQUEST, answer);
  }

  DoorAnswer answer() {
    return answer;
  }

  DoorCounter counter() {
    return counter;
  }
}
