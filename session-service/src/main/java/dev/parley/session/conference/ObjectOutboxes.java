package dev.parley.session.conference;

/**
 * Records beside conferences and stays in which notices are born: the objects of the Library that
 * belong to a conference. Thread-safe; blocks.
 */
public interface ObjectOutboxes {

  /** There are none. */
  ObjectOutboxes NONE =
      new ObjectOutboxes() {
        @Override
        public Outbox outbox(String object) {
          return Outbox.EMPTY;
        }

        @Override
        public void clear(String object, long upTo) {}
      };

  /** Returns what an object has still to tell, as it is stored now. */
  Outbox outbox(String object);

  /** Takes out of an object what its conference has taken over. */
  void clear(String object, long upTo);
}
