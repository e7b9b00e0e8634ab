package dev.parley.testsupport.s3;

import java.net.URI;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.filesystem.FilesystemApiMetadata;

/**
 * What {@link S3ProxyStore} runs: a bucket in a folder, on a port of loopback. Says the port; ends
 * when its standard input does, which is when its parent has ended.
 */
final class S3ProxyProcess {
  private S3ProxyProcess() {}

  /** Takes the folder, the bucket, the access key's id and secret, and a port or 0 for any. */
  public static void main(String[] arguments) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("jclouds.filesystem.basedir", arguments[0]);
    BlobStoreContext context =
        ContextBuilder.newBuilder(new FilesystemApiMetadata())
            .credentials(arguments[2], arguments[3])
            .overrides(properties)
            .build(BlobStoreContext.class);
    BlobStore store = context.getBlobStore();
    store.createContainerInLocation(null, arguments[1]);
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(URI.create("http://127.0.0.1:" + arguments[4]))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, arguments[2], arguments[3])
            .ignoreUnknownHeaders(true)
            .build();
    proxy.start();
    while (!"STARTED".equals(proxy.getState())) {
      Thread.sleep(10);
    }
    System.out.println(StoreJvm.PORT + proxy.getPort());
    while (System.in.read() >= 0) {
      // Nothing is expected; only the end counts.
    }
    proxy.stop();
    // Its own threads would keep it alive.
    Runtime.getRuntime().halt(0);
  }
}
