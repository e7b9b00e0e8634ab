package dev.parley.media.transport;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** Linux' {@code sendmmsg(2)} and its {@code errno}. Owned by one event loop. */
final class SendMessages {
  private static final String ERRNO_NAME = "errno";
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(PathElement.groupElement(ERRNO_NAME)).withInvokeExactBehavior();
  private static final MethodHandle SENDMMSG = bind();

  private static final int NO_FLAGS = 0;
  private static final int EAGAIN = 11;
  private static final int ENOMEM = 12;
  private static final int ENOBUFS = 105;

  private final MemorySegment state = Arena.ofAuto().allocate(STATE);

  // The address is passed as the number it is: no object for each call.
  @SuppressWarnings("restricted")
  private static MethodHandle bind() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("sendmmsg"),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT),
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

  /** True if the datagram was refused for want of room, and the next would be, too. */
  boolean hasNoRoom() {
    int errno = (int) ERRNO.get(state, 0L);
    return errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM;
  }
}
