"""Request and answer shapes of the API, shared by the service and its clients."""
