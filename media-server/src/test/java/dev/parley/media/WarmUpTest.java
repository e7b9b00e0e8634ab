package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.config.SettingsReader;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import dev.parley.media.dtls.DtlsServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WarmUpTest {
  @Test
  @Timeout(60)
  void shakesHandsWithItselfAndLeavesNothing() {
    MediaServerContext context =
        MediaServerContext.of(new SettingsReader(MediaSettings.ALL).read(List.of(), Map.of()));
    DtlsServer server =
        new DtlsServer(
            DtlsIdentity.selfSigned(context.wallClock(), context.random()),
            DtlsLimits.ofProcessors(2),
            context.random(),
            context::nanoTime);
    WarmUp warmUp = new WarmUp(context, server);

    warmUp.run();

    assertThat(warmUp.isDone()).isTrue();
    assertThat(server.handshakesUnderWay()).isZero();
  }
}
