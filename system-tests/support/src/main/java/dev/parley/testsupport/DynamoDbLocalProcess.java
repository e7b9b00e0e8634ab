package dev.parley.testsupport;

import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import java.lang.reflect.Field;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * What {@link DynamoDbLocal} runs: the server, but on loopback only and on a port that the system
 * chooses, neither of which its own command line offers. Says the port; ends when its standard
 * input does, which is when its parent has ended.
 */
final class DynamoDbLocalProcess {
  /** What precedes the port, in the line that says that the server listens. */
  static final String PORT = "listening on port ";

  private DynamoDbLocalProcess() {}

  /** Needs no arguments. */
  public static void main(String[] arguments) throws Exception {
    DynamoDBProxyServer local =
        ServerRunner.createServerFromCommandLineArgs(
            new String[] {"-inMemory", "-sharedDb", "-disableTelemetry"});
    ServerConnector connector = connector(local);
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    local.start();
    System.out.println(PORT + connector.getLocalPort());
    while (System.in.read() >= 0) {
      // Nothing is expected; only the end counts.
    }
    // Its own threads would keep it alive.
    Runtime.getRuntime().halt(0);
  }

  private static ServerConnector connector(DynamoDBProxyServer local)
      throws ReflectiveOperationException {
    Field field = DynamoDBProxyServer.class.getDeclaredField("server");
    field.setAccessible(true);
    Server server = (Server) field.get(local);
    return (ServerConnector) server.getConnectors()[0];
  }
}
