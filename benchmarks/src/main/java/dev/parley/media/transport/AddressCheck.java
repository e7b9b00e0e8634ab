package dev.parley.media.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.media.ice.IceCredentials;
import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunMessage;
import dev.parley.media.stun.StunMessageWriter;
import dev.parley.media.stun.StunType;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes the check by which a browser proves an address and nominates it. Stateless. */
final class AddressCheck {
  private AddressCheck() {}

  static byte[] of(IceCredentials ice) {
    byte[] bytes = new byte[StunMessage.LENGTH_MAX];
    StunMessageWriter writer = new StunMessageWriter(new MessageIntegrity());
    byte[] username = (ice.localFragment() + ":remo").getBytes(US_ASCII);
    writer.begin(new UnsafeBuffer(bytes), 0, StunType.BINDING_REQUEST, 1, 2).username(username);
    int length = writer.priority(3).iceControlling(4).useCandidate().finish(ice.key());
    return Arrays.copyOf(bytes, length);
  }
}
