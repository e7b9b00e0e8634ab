package dev.parley.media.ice;

import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunError;
import dev.parley.media.stun.StunKey;
import dev.parley.media.stun.StunMessage;
import dev.parley.media.stun.StunMessageWriter;
import dev.parley.media.stun.StunType;
import java.net.InetSocketAddress;
import org.agrona.MutableDirectBuffer;

/**
 * Writes a lite agent's answers to checks (RFC 8445 section 7.3, RFC 8489 section 9.1.3). Owned by
 * one event loop.
 */
public final class IceAnswerWriter {
  private final StunMessageWriter writer;

  public IceAnswerWriter(MessageIntegrity integrity) {
    writer = new StunMessageWriter(integrity);
  }

  /**
   * Writes the answer to a check that a peer's agent has judged.
   *
   * @return its length in bytes
   */
  public int write(
      MutableDirectBuffer buffer,
      int offset,
      StunMessage request,
      IceCheckResult result,
      TransportAddress from,
      StunKey key) {
    StunError error = result.error();
    if (error == null) {
      writer.beginAnswer(buffer, offset, StunType.BINDING_SUCCESS, request);
      InetSocketAddress mapped = from.socketAddress();
      return writer
          .xorMappedAddress(mapped.getAddress().getAddress(), mapped.getPort())
          .finish(key);
    }
    writer.beginAnswer(buffer, offset, StunType.BINDING_ERROR, request).errorCode(error);
    if (error == StunError.UNKNOWN_ATTRIBUTE) {
      writer.unknownAttributes(request);
    }
    // An error to somebody who could not sign is not signed either: the key would be an oracle.
    boolean isSigned = error != StunError.UNAUTHENTICATED && error != StunError.BAD_REQUEST;
    return isSigned ? writer.finish(key) : writer.finish();
  }

  /**
   * Writes the answer to a request that names no peer, or nobody known here; returns its length.
   */
  public int writeUnauthenticated(MutableDirectBuffer buffer, int offset, StunMessage request) {
    StunError error = request.hasUsername() ? StunError.UNAUTHENTICATED : StunError.BAD_REQUEST;
    return writer
        .beginAnswer(buffer, offset, StunType.BINDING_ERROR, request)
        .errorCode(error)
        .finish();
  }
}
