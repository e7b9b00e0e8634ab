package dev.parley.media.transport;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Linux' {@code sendmmsg(2)} and {@code recvmmsg(2)}, their {@code errno}, and the layout of what
 * they take on 64-bit Linux. Owned by one event loop.
 */
final class Mmsg {
  /** {@code struct mmsghdr}: a {@code struct msghdr}, and how many bytes the datagram has. */
  static final int HEADER_LENGTH = 64;

  static final int HEADER_NAME = 0;
  static final int HEADER_NAME_LENGTH = 8;
  static final int HEADER_VECTORS = 16;
  static final int HEADER_VECTOR_COUNT = 24;
  static final int HEADER_CONTROL = 32;
  static final int HEADER_CONTROL_LENGTH = 40;
  static final int HEADER_DATAGRAM_LENGTH = 56;

  /** {@code struct iovec}. */
  static final int VECTOR_LENGTH = 16;

  static final int VECTOR_BASE = 0;
  static final int VECTOR_BYTES = 8;

  /** A {@code sockaddr_in} or {@code sockaddr_in6}, and room. */
  static final int ADDRESS_LENGTH = 32;

  private static final String ERRNO_NAME = "errno";
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(PathElement.groupElement(ERRNO_NAME)).withInvokeExactBehavior();
  private static final MethodHandle SENDMMSG = bind("sendmmsg");
  private static final MethodHandle RECVMMSG = bind("recvmmsg", JAVA_LONG);

  private static final int NO_FLAGS = 0;
  private static final long NO_TIMEOUT = 0;
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int ENOMEM = 12;
  private static final int ENOBUFS = 105;

  private final MemorySegment state = Arena.ofAuto().allocate(STATE);

  // Addresses are passed as the numbers they are: no object for each call.
  @SuppressWarnings("restricted")
  private static MethodHandle bind(String name, ValueLayout... more) {
    Linker linker = Linker.nativeLinker();
    List<ValueLayout> arguments = new ArrayList<>(List.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
    arguments.addAll(List.of(more));
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(JAVA_INT, arguments.toArray(ValueLayout[]::new)),
        Linker.Option.captureCallState(ERRNO_NAME));
  }

  /**
   * Sends datagrams, never waiting on a socket that is set not to.
   *
   * @param headers address of an array of {@code struct mmsghdr}
   * @return how many were sent; at most 0 if the first was not
   */
  int send(int socket, long headers, int count) {
    try {
      return (int) SENDMMSG.invokeExact(state, socket, headers, count, NO_FLAGS);
    } catch (Throwable e) {
      throw new IllegalStateException("sendmmsg cannot throw", e);
    }
  }

  /**
   * Takes the datagrams that wait, never waiting itself on a socket that is set not to.
   *
   * @param headers address of an array of {@code struct mmsghdr}
   * @return how many there were; at most 0 if there was none, or an error instead of the first
   */
  int receive(int socket, long headers, int count) {
    try {
      return (int) RECVMMSG.invokeExact(state, socket, headers, count, NO_FLAGS, NO_TIMEOUT);
    } catch (Throwable e) {
      throw new IllegalStateException("recvmmsg cannot throw", e);
    }
  }

  /** True if the datagram was refused for want of room, and the next would be, too. */
  boolean hasNoRoom() {
    int errno = errno();
    return errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM;
  }

  /** True if nothing was received because nothing waits. */
  boolean hasNothing() {
    int errno = errno();
    return errno == EAGAIN || errno == EINTR;
  }

  private int errno() {
    return (int) ERRNO.get(state, 0L);
  }
}
