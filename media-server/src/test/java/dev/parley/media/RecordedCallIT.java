package dev.parley.media;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.Order;
import dev.parley.common.control.Order.Listening;
import dev.parley.common.control.Order.RecordingMode;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.RecordingId;
import dev.parley.media.record.KeyFile;
import dev.parley.media.record.Recorder;
import dev.parley.media.record.SpooledTrack;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls over real sockets, recorded by order, and what is in the spool then. */
@Timeout(120)
final class RecordedCallIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final RecordingId RECORDING = new RecordingId("rc_1");
  private static final double ALICE_HZ = 400;
  private static final double BOB_HZ = 1000;

  /** Twenty milliseconds each: two seconds. */
  private static final int PACKETS = 100;

  @TempDir Path folder;
  private final CallClient alice = new CallClient(ALICE_HZ, 3);
  private final CallClient bob = new CallClient(BOB_HZ, 3);
  private DirectServer server;

  @BeforeEach
  void begin() throws Exception {
    server = new DirectServer("--recordings-directory=" + spool(), "--recordings-keys=file");
    server.awaitRecovered();
    server.admit("alice", 11, alice, Listening.FORWARD);
    server.admit("bob", 22, bob, Listening.FORWARD);
    assertThat(bob.awaitTone(ALICE_HZ, SOON)).isTrue();
    assertThat(alice.awaitTone(BOB_HZ, SOON)).isTrue();
  }

  @AfterEach
  void end() throws Exception {
    alice.close();
    bob.close();
    server.close();
  }

  private Path spool() {
    return folder.resolve("spool");
  }

  private CommandResult.Outcome begin(RecordingMode mode) {
    return server.order(new Order.BeginRecording(RECORDING, 1, mode, 1));
  }

  private void talk() throws InterruptedException {
    assertThat(bob.awaitPackets(bob.heard().packets() + PACKETS, SOON)).isTrue();
  }

  private StateEvent.RecordingEnded awaitEnd() throws InterruptedException {
    return (StateEvent.RecordingEnded)
        requireNonNull(server.awaitEvent(StateEvent.RecordingEnded.class::isInstance, SOON));
  }

  /** A track's file in clear. */
  private Path unseal(String track) throws Exception {
    Path file = folder.resolve(track + ".opus");
    try (OutputStream ogg = Files.newOutputStream(file)) {
      assertThat(SpooledTrack.unseal(sealed(track), keys(), Recorder.context("rc_1.1", track), ogg))
          .isTrue();
    }
    return file;
  }

  private JsonNode manifest(String track) throws Exception {
    return new ObjectMapper()
        .readTree(SpooledTrack.manifest(sealed(track), keys(), Recorder.context("rc_1.1", track)));
  }

  private Path sealed(String track) {
    return spool().resolve("rc_1.1").resolve(track + SpooledTrack.SUFFIX);
  }

  private KeyFile keys() throws IOException {
    return KeyFile.at(folder.resolve("spool-keys"), new SecureRandom());
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static double secondsOf(Path file) throws Exception {
    assertThat(run("opusinfo", file.toString()))
        .doesNotContainIgnoringCase("warning")
        .doesNotContainIgnoringCase("error");
    return Double.parseDouble(
        run(
                "ffprobe",
                "-v",
                "error",
                "-show_entries",
                "format=duration",
                "-of",
                "csv=p=0",
                file.toString())
            .trim());
  }

  @Test
  void aCallIsRecordedPausedResumedAndStoppedByOrder() throws Exception {
    long beganNs = System.nanoTime();
    assertThat(begin(RecordingMode.MIX)).isEqualTo(CommandResult.Accepted.PLAIN);
    assertThat(begin(RecordingMode.MIX)).as("once").isEqualTo(CommandResult.Accepted.PLAIN);
    talk();
    assertThat(server.order(new Order.PauseRecording(RECORDING, 1, true)))
        .isEqualTo(CommandResult.Accepted.PLAIN);
    long pausedNs = System.nanoTime();
    talk();
    long resumedNs = System.nanoTime();
    assertThat(server.order(new Order.PauseRecording(RECORDING, 1, false)))
        .isEqualTo(CommandResult.Accepted.PLAIN);
    talk();
    assertThat(server.order(new Order.StopRecording(RECORDING, 1)))
        .isEqualTo(CommandResult.Accepted.PLAIN);
    double spokenMs = (pausedNs - beganNs + System.nanoTime() - resumedNs) / 1e6;

    StateEvent.RecordingEnded end = awaitEnd();

    assertThat(end.conference()).isEqualTo(DirectServer.ROOM);
    assertThat(end.epoch()).isEqualTo(1);
    assertThat(end.recording()).isEqualTo(RECORDING);
    assertThat(end.segment()).isEqualTo(1);
    assertThat(end.cause()).isEqualTo(StateEvent.RecordingEndCause.STOPPED);
    assertThat(end.tracks()).isEqualTo(1);
    assertThat((double) end.durationMs()).isCloseTo(spokenMs, within(150.0));
    assertThat(secondsOf(unseal("mix"))).isCloseTo(end.durationMs() / 1000.0, within(0.02));
    assertThat(manifest("mix").get("pauses")).hasSize(1);
    assertThat(manifest("mix").get("gaps")).isEmpty();
    assertThat(server.order(new Order.StopRecording(RECORDING, 1)))
        .as("it has ended")
        .isEqualTo(CommandResult.Accepted.PLAIN);
    assertThat(server.order(new Order.PauseRecording(RECORDING, 1, true)))
        .isEqualTo(new CommandResult.NotFound());
  }

  @Test
  void eachOnesTrackEndsWithTheConference() throws Exception {
    assertThat(begin(RecordingMode.TRACKS)).isEqualTo(CommandResult.Accepted.PLAIN);
    talk();
    server.order(new Order.RemoveParticipant(new ParticipantId("bob")));
    server.order(new Order.EndConference());

    StateEvent.RecordingEnded end = awaitEnd();

    assertThat(end.tracks()).isEqualTo(2);
    assertThat(end.cause()).isEqualTo(StateEvent.RecordingEndCause.STOPPED);
    assertThat(secondsOf(unseal("alice"))).isCloseTo(end.durationMs() / 1000.0, within(0.02));
    assertThat(secondsOf(unseal("bob"))).isGreaterThan(1.9);
  }

  @Test
  void aServerThatEndsTellsOfItsRecordings() throws Exception {
    begin(RecordingMode.MIX);
    talk();

    server.close();

    assertThat(awaitEnd().durationMs()).isGreaterThan(1_900);
    assertThat(secondsOf(unseal("mix"))).isGreaterThan(1.9);
  }

  @Test
  void ofAConferenceThatIsNotHereNothingIsRecorded() throws Exception {
    server.order(new Order.EndConference());
    assertThat(server.awaitEvent(StateEvent.ConferenceClosed.class::isInstance, SOON)).isNotNull();

    assertThat(begin(RecordingMode.MIX)).isEqualTo(new CommandResult.NotFound());
    assertThat(server.order(new Order.StopRecording(RECORDING, 1)))
        .isEqualTo(new CommandResult.NotFound());
    assertThat(spool().resolve("rc_1.1")).doesNotExist();
  }
}
