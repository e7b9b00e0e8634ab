package dev.parley.systemtests.upload;

import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.ServerLoad;
import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadRequest;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.media.control.ControlLink;
import dev.parley.media.control.ControlLinkSettings;
import dev.parley.media.control.MediaCommands;
import dev.parley.media.record.RecordingKeys;
import dev.parley.media.upload.SessionKeeper;
import dev.parley.media.upload.StoreSigners;
import dev.parley.media.upload.UploadSettings;
import dev.parley.media.upload.Uploader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** As much of a media server as brings a spool to its store: the uploader and the control link. */
final class UploadingProcess implements Uploader.Spool, AutoCloseable {
  private static final int AT_ONCE = 2;

  final Set<String> recording = ConcurrentHashMap.newKeySet();
  final Set<String> emptied = ConcurrentHashMap.newKeySet();
  final Uploader uploader;

  private final ControlLink link;
  private final RecordingKeys keys;

  UploadingProcess(Path folder, List<URI> nodes, long bytesPerSec, String... recorded)
      throws IOException {
    recording.addAll(List.of(recorded));
    link =
        ControlLink.create(
            new ControlLinkSettings(
                new ServerId("ms-1"), "i1", new Region("eu"), "test", 500, nodes, null),
            new NoCommands(),
            () -> new ServerLoad(0.1, 1, 1, 1, 0, 0, false),
            System::nanoTime,
            new Random(7));
    keys = new RecordingKeys(new SessionKeeper(link::ask), null, new SecureRandom());
    uploader =
        new Uploader(
            new Uploader.Place(spool(folder), keys, this, link::ask, signers(folder)),
            UploadSettings.of(bytesPerSec, AT_ONCE)
                .with(Duration.ofMillis(100), Duration.ofMillis(100), Duration.ofSeconds(1)),
            new Random(8),
            System::nanoTime);
    link.start();
    uploader.start();
  }

  /** Takes the folder, the rate in bytes each second, and the nodes' addresses. Until killed. */
  public static void main(String[] arguments) throws IOException {
    List<URI> nodes = Arrays.stream(arguments).skip(2).map(URI::create).toList();
    UploadingProcess process =
        new UploadingProcess(Path.of(arguments[0]), nodes, Long.parseLong(arguments[1]));
    while (System.in.read() >= 0) {
      // Nothing is expected; only the end counts.
    }
    process.close();
  }

  /** Asks the session tier about a track that nobody knows; done when the answer has come. */
  CompletableFuture<UploadAnswer.Outcome> askInVain() {
    return link.ask(
        new UploadRequest.Track("rc_nobody", 1, "mix"),
        new UploadRequest.Sign(List.of(new UploadRequest.Create())));
  }

  /** By the file of stores' keys, if there is one. */
  private static StoreSigners signers(Path folder) throws IOException {
    LongSupplier epochSec = () -> System.currentTimeMillis() / 1000;
    Path file = storeKeys(folder);
    return Files.exists(file)
        ? StoreSigners.read(file, epochSec)
        : new StoreSigners(Map.of(), epochSec);
  }

  /** Where a media server finds the keys of stores, if it is to have any. */
  static Path storeKeys(Path folder) {
    return folder.resolve("store-keys");
  }

  static Path spool(Path folder) {
    return folder.resolve("spool");
  }

  @Override
  public boolean isRecording(String segment) {
    return recording.contains(segment);
  }

  @Override
  public void onErased(String segment, long lengthBytes) {}

  @Override
  public void onEmpty(String segment) {
    emptied.add(segment);
    keys.forget(segment.substring(0, segment.lastIndexOf('.')));
  }

  @Override
  public void close() {
    uploader.close();
    link.close();
  }

  /** Has no conferences. */
  private static final class NoCommands implements MediaCommands {
    @Override
    public CommandResult.Outcome execute(Command command) {
      return new CommandResult.NotFound();
    }

    @Override
    public List<ConferenceSnapshot> conferences() {
      return List.of();
    }

    @Override
    public void endAll() {}
  }
}
