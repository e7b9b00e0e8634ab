package dev.parley.testsupport.s3;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.springframework.boot.loader.launch.JarLauncher;

/**
 * What {@link S3MockStore} runs: a bucket in a folder, on a port of loopback. Says the port; ends
 * when its standard input does, which is when its parent has ended.
 */
final class S3MockProcess {
  private S3MockProcess() {}

  /** Takes the folder, the bucket, and a port or 0 for any. */
  public static void main(String[] arguments) throws Exception {
    int wanted = Integer.parseInt(arguments[2]);
    int port = wanted == 0 ? freePort() : wanted;
    JarLauncher.main(
        new String[] {
          "--server.address=127.0.0.1",
          "--server.port=0",
          "--http.port=" + port,
          "--com.adobe.testing.s3mock.store.root=" + arguments[0],
          "--com.adobe.testing.s3mock.store.initial-buckets=" + arguments[1],
          "--com.adobe.testing.s3mock.store.retain-files-on-exit=true"
        });
    System.out.println(StoreJvm.PORT + port);
    while (System.in.read() >= 0) {
      // Nothing is expected; only the end counts.
    }
    System.exit(0);
  }

  /** S3Mock does not tell which it took if it is free to choose. */
  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
