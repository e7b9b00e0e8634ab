package dev.parley.systemtests.upload;

import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadRequest;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.s3.AccessKey;
import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.QuerySigner;
import dev.parley.media.record.RecordingKeys;
import dev.parley.session.conference.MediaEvents;
import dev.parley.session.conference.Notice;
import dev.parley.session.conference.NoticeSink;
import dev.parley.session.conference.NoticeType;
import dev.parley.session.conference.Notices;
import dev.parley.session.library.Library;
import dev.parley.session.library.ObjectIds;
import dev.parley.session.library.ObjectRules;
import dev.parley.session.library.PlaceWish;
import dev.parley.session.library.RecordingPlaces;
import dev.parley.session.library.SpoolKeyring;
import dev.parley.session.library.TrackUploads;
import dev.parley.session.media.ControlLinkServer;
import dev.parley.session.media.ControlServerSettings;
import dev.parley.session.media.LinkedServers;
import dev.parley.session.object.ObjectStores;
import dev.parley.session.object.StoreKind;
import dev.parley.session.object.StoreName;
import dev.parley.session.object.s3.S3Store;
import dev.parley.session.placement.ResidencyPolicies;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.LibraryItems;
import dev.parley.session.store.ResidencyItems;
import dev.parley.session.store.Table;
import dev.parley.session.store.embedded.EmbeddedStore;
import dev.parley.testsupport.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Two session nodes, as far as media servers meet them, with one item store and one object store.
 * Everything goes over proxies that can be cut: the links, the way of media servers to the store,
 * and that of the nodes.
 */
final class SessionTier implements RecordingPlaces, AutoCloseable {
  static final String TENANT = "acme";

  private static final String STORE = "s";

  /** Ways to break something. */
  static final int KINDS = 6;

  private static final Duration IDLE = Duration.ofSeconds(4);
  private static final long AWAY_NS = TimeUnit.MILLISECONDS.toNanos(300);

  final Map<String, Home> homes = new ConcurrentHashMap<>();
  final List<RecordedTrack> available = new CopyOnWriteArrayList<>();
  final List<UploadRequest.Track> failed = new CopyOnWriteArrayList<>();
  final List<TcpProxy> links = new ArrayList<>();
  final TcpProxy storeOfMedia;
  final TcpProxy storeOfNodes;
  final S3Store store;
  final Library library;
  final TrackUploads uploads;

  private final SpoolKeyring keyring = new SpoolKeyring(new byte[32]);
  private final EmbeddedStore items = EmbeddedStore.inMemory();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<ControlLinkServer> nodes = new ArrayList<>();

  SessionTier(StoreProcess process, MediaEvents events) throws IOException {
    storeOfMedia = new TcpProxy(process.port());
    storeOfNodes = new TcpProxy(process.port());
    store =
        new S3Store(
            new StoreName(STORE, StoreKind.S3, "eu"),
            signer(process, storeOfMedia),
            signer(process, storeOfNodes),
            http,
            Clock.systemUTC());
    Notices notices =
        new Notices(
            new ConferenceItems(items.table(Table.CORE)),
            Clock.systemUTC(),
            new Nobody(),
            Runnable::run);
    library =
        new Library(
            new LibraryItems(items.table(Table.LIBRARY)),
            new ObjectStores(List.of(store)),
            new ObjectIds(new byte[32]),
            new ObjectRules(
                new ResidencyPolicies(
                    new ResidencyItems(items.table(Table.OPS)), Clock.systemUTC())),
            Clock.systemUTC(),
            new Library.Hearers(notices, (_, _) -> {}));
    uploads = library.uploads(this, keyring);
    for (String name : List.of("a", "b")) {
      addNode(name, events);
    }
  }

  private void addNode(String name, MediaEvents events) throws IOException {
    ControlServerSettings settings =
        new ControlServerSettings(
            name,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            null,
            List.of(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(120),
            Duration.ofSeconds(20));
    LinkedServers servers = new LinkedServers(settings, new Random(1), System::nanoTime);
    servers.uploads().answerBy(uploads::answer);
    ControlLinkServer node = new ControlLinkServer(settings, servers, events);
    node.start();
    nodes.add(node);
    links.add(new TcpProxy(node.port()));
  }

  private static QuerySigner signer(StoreProcess process, TcpProxy by) throws IOException {
    return new QuerySigner(
        BucketAddress.of(URI.create("http://127.0.0.1:" + by.port()), process.bucket(), true),
        process.key(),
        process.region());
  }

  /** What a media server's file of stores' keys says of the store. */
  static String storeKeys(StoreProcess process) throws IOException {
    AccessKey key = process.key();
    return STORE + " " + key.id() + ":" + key.secret() + "\n";
  }

  /** What the nodes answer who asks for recordings' keys, without asking over links. */
  RecordingKeys spoolKeys() {
    return new RecordingKeys(
        recording ->
            switch (keyring.keyOf(new UploadRequest.Track(recording, 1, "key"))) {
              case UploadAnswer.Key(String key) -> Base64.getDecoder().decode(key);
              default -> throw new IOException("no key");
            },
        null,
        new SecureRandom());
  }

  /** Lets there be a recording, whose tracks may come. */
  void know(String recording) {
    homes.put(recording, new Home(TENANT, null, PlaceWish.in("eu"), new TreeMap<>()));
  }

  /**
   * Breaks one thing for a moment.
   *
   * @param kind from 0, below {@link #KINDS}
   */
  void breakOne(int kind, StoreProcess process) throws IOException {
    TcpProxy link = links.get(kind % 2);
    switch (kind) {
      case 0, 1 -> link.cut();
      case 2 -> {
        links.forEach(TcpProxy::isolate);
        LockSupport.parkNanos(AWAY_NS);
        links.forEach(TcpProxy::restore);
      }
      case 3 -> storeOfMedia.cut();
      case 4 -> {
        isolateStore();
        LockSupport.parkNanos(AWAY_NS);
        restoreStore();
      }
      default -> process.restart();
    }
  }

  /** Nobody reaches the store, until {@link #restoreStore}. */
  void isolateStore() {
    storeOfMedia.isolate();
    storeOfNodes.isolate();
  }

  void restoreStore() {
    storeOfMedia.restore();
    storeOfNodes.restore();
  }

  /** Where media servers dial. */
  List<URI> addresses() {
    return links.stream()
        .map(link -> URI.create("ws://127.0.0.1:" + link.port() + "/control"))
        .toList();
  }

  /** Bytes that passed through the nodes: their links' and those between them and the store. */
  long passedBytes() {
    return storeOfNodes.passedBytes() + links.stream().mapToLong(TcpProxy::passedBytes).sum();
  }

  /** What passes through the nodes when there is nothing to do: their links' heartbeats. Waits. */
  double idleBytesPerSec() {
    long before = passedBytes();
    LockSupport.parkNanos(IDLE.toNanos());
    return (passedBytes() - before) / (double) IDLE.toSeconds();
  }

  @Override
  public @Nullable Home find(UploadRequest.Track track) {
    return homes.get(track.recording());
  }

  @Override
  public void trackAvailable(RecordedTrack track) {
    // The same again is no news.
    if (available.stream().noneMatch(known -> known.track().equals(track.track()))) {
      available.add(track);
    }
  }

  @Override
  public void trackFailed(UploadRequest.Track track, String detail) {
    failed.add(track);
  }

  @Override
  public void close() throws IOException {
    nodes.forEach(ControlLinkServer::close);
    for (TcpProxy link : links) {
      link.close();
    }
    storeOfMedia.close();
    storeOfNodes.close();
    http.shutdownNow();
    items.close();
  }

  /** Objects here belong to no conference, so nobody is told of them. */
  private static final class Nobody implements NoticeSink {
    @Override
    public boolean wants(String tenant, NoticeType type) {
      return false;
    }

    @Override
    public void accept(String tenant, ConferenceId conference, List<Notice> notices) {}
  }
}
