package dev.parley.common.control;

/**
 * What a text frame turned out to hold. Bad input is normal on a wire, so it is a value here and
 * never an exception.
 *
 * @param <M> the direction: {@link MediaMessage} or {@link SessionMessage}
 */
public sealed interface Decoded<M extends ControlMessage> {

  /** A message this build understands. */
  record Message<M extends ControlMessage>(M message) implements Decoded<M> {}

  /**
   * Well-formed, but of a type this build does not know: a newer peer speaks. Count it and go on.
   *
   * @param type the unknown name, cut to 64 characters
   * @param sequence the sequence of the {@link StateReport} whose event is unknown, otherwise 0; a
   *     receiver acknowledges it, or the sender would repeat it for ever
   */
  record Unknown<M extends ControlMessage>(String type, long sequence) implements Decoded<M> {}

  /**
   * Not a control message. Count it and close the link: a peer that sends this is broken or
   * hostile.
   *
   * @param detail one line for a log, without the frame's content
   */
  record Malformed<M extends ControlMessage>(String detail) implements Decoded<M> {}
}
