"""All that knows API Gateway: events in, proxy responses out."""
