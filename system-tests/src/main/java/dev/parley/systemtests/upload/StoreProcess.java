package dev.parley.systemtests.upload;

import dev.parley.common.s3.AccessKey;
import dev.parley.common.s3.AccessKeyFile;
import dev.parley.session.object.directory.DirectoryStore;
import dev.parley.systemtests.show.session.LoadProcess;
import dev.parley.testsupport.s3.S3ProxyStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** An object store in a process of its own. */
interface StoreProcess extends AutoCloseable {
  int port();

  AccessKey key() throws IOException;

  String bucket();

  String region();

  /** True if it compares SHA-256. */
  boolean isStrict();

  /** Ends it in the midst of what it does, and starts it again at the same place. */
  void restart() throws IOException;

  @Override
  void close();

  /** S3Proxy, which is others' work. */
  static StoreProcess s3(Path folder) throws IOException {
    S3ProxyStore store = S3ProxyStore.start(folder);
    return new StoreProcess() {
      @Override
      public int port() {
        return store.endpoint().getPort();
      }

      @Override
      public AccessKey key() {
        return new AccessKey(S3ProxyStore.KEY_ID, S3ProxyStore.SECRET);
      }

      @Override
      public String bucket() {
        return S3ProxyStore.BUCKET;
      }

      @Override
      public String region() {
        return S3ProxyStore.REGION;
      }

      @Override
      public boolean isStrict() {
        return false;
      }

      @Override
      public void restart() throws IOException {
        store.restart();
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }

  /** The directory store. */
  static StoreProcess directory(Path folder) throws IOException {
    return new Directory(folder);
  }

  /** The directory store; killed and started again as a whole. */
  final class Directory implements StoreProcess {
    private final Path folder;
    private Process process;
    private int port;

    private Directory(Path folder) throws IOException {
      this.folder = folder;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      process = launch();
    }

    @Override
    public int port() {
      return port;
    }

    @Override
    public AccessKey key() throws IOException {
      return AccessKeyFile.read(folder.resolve("key"));
    }

    @Override
    public String bucket() {
      return DirectoryStore.BUCKET;
    }

    @Override
    public String region() {
      return DirectoryStore.REGION;
    }

    @Override
    public boolean isStrict() {
      return true;
    }

    @Override
    public void restart() throws IOException {
      close();
      process = launch();
    }

    @Override
    public void close() {
      process.destroyForcibly();
      try {
        process.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private Process launch() throws IOException {
      Process started =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-XX:+UseSerialGC",
                      "-XX:TieredStopAtLevel=1",
                      "-Xmx128m",
                      "-cp",
                      LoadProcess.classPath(),
                      DirectoryStore.class.getName(),
                      "--http-port=" + port,
                      "--admin-port=0",
                      "--data-dir=" + folder.resolve("data"),
                      "--key-file=" + folder.resolve("key")))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      while (started.isAlive()) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
          return started;
        } catch (IOException e) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
      }
      throw new IOException("the directory store ended before it was ready");
    }
  }
}
